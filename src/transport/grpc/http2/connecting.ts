// SPDX-License-Identifier: Apache-2.0
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { CallError } from "../../../errors/call-error.js";
import { startTimer } from "../../../time/timer.js";
import { type GrpcConnection, keepConnection } from "./connection.js";
import { connectionError } from "./errors.js";
import type { ResolvedGrpcOptions } from "./options.js";

/** A connection in the making. */
export interface Attempt {
  /** Stops it: neither of its callbacks is called any more. */
  abandon(): void;
}

/** Who is told how an attempt ended, and what becomes of its connection: one call of the first two, never within `connectTo`. */
export interface AttemptCallbacks {
  onConnection(connection: GrpcConnection): void;
  /** `error` is `Unavailable`, not sent, and names host and port. */
  onFailure(error: CallError): void;
  /** The connection may have room for another call now, or may have become unusable. */
  onChange(): void;
}

/** How long an attempt may take, in milliseconds: a host that stays silent must not take the calls after this one with it. */
const MAX_CONNECT_MS = 20_000;

/**
 * Begins to connect: lookup, TCP and TLS first, and the HTTP/2 session once there is a socket to put it on. So there is no
 * session that could be given up half made.
 */
export function connectTo(options: ResolvedGrpcOptions, callbacks: AttemptCallbacks): Attempt {
  const { authority } = options;
  let over = false;
  let failure: unknown;

  const socket = openSocket(options);
  const fail = () => {
    if (!end()) return;
    socket.destroy();
    callbacks.onFailure(connectionError(`cannot connect to ${authority}`, failure, false));
  };
  const end = () => {
    if (over) return false;
    over = true;
    stopTimer();
    return true;
  };
  const stopTimer = startTimer(MAX_CONNECT_MS, () => {
    failure ??= new Error(`no connection within ${MAX_CONNECT_MS} ms`);
    fail();
  });
  // For as long as the socket lives: an "error" that nobody listens to would end the process.
  socket.on("error", (error) => {
    failure = error;
  });
  socket.once("close", fail);
  socket.once(options.secure ? "secureConnect" : "connect", () => {
    if (!end()) return;
    const session = connectHttp2(options.origin, { ...options.http2, createConnection: () => socket });
    callbacks.onConnection(keepConnection(session, socket, { ...options, onChange: callbacks.onChange }));
  });
  return {
    abandon() {
      if (end()) socket.destroy();
    },
  };
}

function openSocket({ host, port, secure, tls }: ResolvedGrpcOptions): Socket {
  if (!secure) return connectTcp({ host, port, noDelay: true });
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, ALPNProtocols: ["h2"], ...servername, ...tls });
}
