// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { sleep, systemClock } from "../../time/clock.js";
import {
  createCleartextServer,
  createTlsServer,
  type HttpResponse,
  type HttpServersOptions,
  type ServerRequest,
  type TlsFiles,
} from "./http-servers.js";
import { endWhenIdle } from "./idle.js";

/** Options of a port. */
export interface ListenOptions {
  /** All open TCP connections. */
  readonly sockets: Set<Socket>;
  readonly port: number;
  readonly host: string;
  readonly tls: TlsFiles | undefined;
  readonly maxHeaderBytes: number;
  /** How long a connection may be idle, or a request may take to arrive, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Responds to a request of either HTTP version; must not throw. */
  onRequest(request: ServerRequest, response: HttpResponse): void;
  /** Called first for HTTP/2 streams; if it returns true, `onRequest` is not called. Must not throw. */
  onStream: HttpServersOptions["onStream"];
}

/** An open port. */
export interface Listening {
  readonly port: number;
  /**
   * Stops accepting connections, sends GOAWAY to HTTP/2 clients, waits `graceMs` for calls in flight, then calls `onCut`
   * so that they can still respond, and soon afterwards destroys the remaining connections. Resolves when all sockets are
   * closed.
   */
  close(graceMs: number, onCut: () => void): Promise<void>;
}

/** Time for the last responses when the server closes, in milliseconds. */
const LAST_RESPONSES_MS = 100;

/** Opens one port for HTTP/1.1 and HTTP/2. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { sockets } = options;
  const undecided = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  /** The last response, possibly finished, of each HTTP/1.1 connection. */
  const lastResponses = new Map<Socket, ServerResponse>();
  const remember = (socket: Socket, response: ServerResponse) => {
    if (!lastResponses.has(socket)) socket.once("close", () => lastResponses.delete(socket));
    lastResponses.set(socket, response);
  };

  const httpOptions = {
    maxHeaderBytes: options.maxHeaderBytes,
    onStream: options.onStream,
    onRequest: (request: ServerRequest, response: HttpResponse) => {
      if ("shouldKeepAlive" in response) remember(response.req.socket, response);
      options.onRequest(request, response);
    },
    onSession: (session: ServerHttp2Session) => {
      keepUntilClosed(sessions, session);
      endWhenIdle(session, options.idleTimeoutMs);
    },
    onUndecided: (socket: Socket, isUndecided: boolean) => {
      if (isUndecided) keepUntilClosed(undecided, socket);
      else undecided.delete(socket);
    },
  };
  const server =
    options.tls === undefined
      ? createCleartextServer(httpOptions)
      : createTlsServer(options.tls, httpOptions);
  server.on("connection", (socket: Socket) => keepUntilClosed(sockets, socket));
  server.listen(options.port, options.host);
  await once(server, "listening");

  const cutAfter = async (graceMs: number, onCut: () => void, signal: AbortSignal) => {
    await sleep(systemClock, graceMs, signal);
    onCut();
    await sleep(systemClock, LAST_RESPONSES_MS, signal);
    for (const socket of sockets) socket.destroy();
  };

  return {
    port: portOf(server.address()),
    close: async (graceMs, onCut) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.close();
      for (const socket of undecided) socket.destroy();
      for (const response of lastResponses.values()) response.shouldKeepAlive = false;
      const finished = new AbortController();
      cutAfter(graceMs, onCut, finished.signal).catch(() => {
        // everything finished in time
      });
      await closed;
      finished.abort();
    },
  };
}

interface Closable {
  once(event: "close", listener: () => void): unknown;
}

function keepUntilClosed<T extends Closable>(set: Set<T>, item: T): void {
  set.add(item);
  item.once("close", () => set.delete(item));
}

function portOf(address: ReturnType<import("node:net").Server["address"]>): number {
  if (address === null || typeof address === "string") throw new TypeError("the server has no TCP port");
  return address.port;
}
