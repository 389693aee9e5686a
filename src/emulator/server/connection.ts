// SPDX-License-Identifier: Apache-2.0
import type { ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Connection } from "../faults/connection.js";
import type { HttpResponse, ServerRequest } from "./http-servers.js";

/** Breaks the TCP connection below a socket. */
export type ResetSocket = (socket: Socket) => void;

/** Connections that were or are about to be reset: HTTP/2 sessions and HTTP/1.1 sockets. */
const broken = new WeakSet<object>();

/** The connection of an HTTP/2 stream. */
export function connectionOfStream(stream: ServerHttp2Stream, resetSocket: ResetSocket): Connection {
  const { session } = stream;
  return {
    page: undefined,
    isReset: () => session !== undefined && broken.has(session),
    reset: () => {
      if (session === undefined || broken.has(session)) return;
      broken.add(session);
      // Deferred until the frames received with the request were processed: Node 20 corrupts its memory when a session
      // is destroyed before (docs/upstream.md).
      setImmediate(() => {
        if (!session.destroyed) resetSocket(session.socket);
      });
    },
    goAway: () => session?.close(),
  };
}

/** The connection that a request came on. */
export function connectionOf(
  request: ServerRequest,
  response: HttpResponse,
  resetSocket: ResetSocket,
): Connection {
  if ("stream" in request) return connectionOfStream(request.stream, resetSocket);
  const { socket } = request;
  return {
    page: undefined,
    isReset: () => broken.has(socket),
    reset: () => {
      broken.add(socket);
      resetSocket(socket);
    },
    goAway: () => {
      if ("shouldKeepAlive" in response) response.shouldKeepAlive = false;
    },
  };
}

/**
 * Resets TCP connections, as if the server had crashed. With TLS this needs the underlying socket, which Node does not
 * expose; `sockets` are all that are open.
 */
export function createResetSocket(sockets: ReadonlySet<Socket>): ResetSocket {
  return (socket) => {
    if (!(socket instanceof TLSSocket)) {
      socket.resetAndDestroy();
      return;
    }
    const { remoteAddress, remotePort } = socket;
    for (const raw of sockets) {
      if (raw.remotePort === remotePort && raw.remoteAddress === remoteAddress) raw.resetAndDestroy();
    }
  };
}
