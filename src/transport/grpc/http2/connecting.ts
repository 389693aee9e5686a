// SPDX-License-Identifier: Apache-2.0
import { connect } from "node:http2";
import type { Socket } from "node:net";
import { Code } from "@connectrpc/connect";
import { MAX_CONNECT_MS } from "../../../budgets/budgets.js";
import type { CallError } from "../../../errors/call-error.js";
import { startTimer } from "../../../time/timer.js";
import { HttpError } from "../../http/errors.js";
import { notSent } from "../engine.js";
import { createConnection, type GrpcConnection } from "./connection.js";
import { connectionError } from "./errors.js";
import type { ResolvedGrpcOptions } from "./options.js";
import { openSocket } from "./socket.js";

/** A connection in the making. */
export interface Attempt {
  /** Stops it: neither of its callbacks is called any more. */
  abandon(): void;
}

/** How an attempt ends, by one of the first two, never within `connectTo`; and what becomes of its connection. */
export interface AttemptCallbacks {
  onConnection(connection: GrpcConnection): void;
  /** `error` is not sent, and names host and port. */
  onError(error: CallError): void;
  /** The connection may have room for another call now, or may have become unusable. */
  onChange(): void;
}

/**
 * Begins to connect: the socket first, and an HTTP/2 session once there is one to put it on. So there is no session that
 * could be given up half made.
 */
export function connectTo(options: ResolvedGrpcOptions, callbacks: AttemptCallbacks): Attempt {
  const abandoned = new AbortController();
  const onSocket = (socket: Socket) => {
    stopTimer();
    if (abandoned.signal.aborted) {
      socket.destroy();
      return;
    }
    const session = connect(options.origin, { ...options.http2, createConnection: () => socket });
    callbacks.onConnection(createConnection(session, socket, { ...options, onChange: callbacks.onChange }));
  };
  const onError = (error: unknown) => {
    stopTimer();
    if (!abandoned.signal.aborted) callbacks.onError(attemptError(options, error));
  };
  const stopTimer = startTimer(MAX_CONNECT_MS, () => {
    abandoned.abort();
    callbacks.onError(attemptError(options, new Error(`no connection within ${MAX_CONNECT_MS} ms`)));
  });
  openSocket(options, abandoned.signal).then(onSocket, onError);
  return {
    abandon() {
      stopTimer();
      abandoned.abort();
    },
  };
}

/** `Unavailable`; `FailedPrecondition` where a proxy does not let calls to this server pass, which does not go away by itself. */
function attemptError({ authority }: ResolvedGrpcOptions, cause: unknown): CallError {
  if (!(cause instanceof HttpError)) {
    return connectionError(`cannot connect to ${authority}`, cause, false);
  }
  const code = cause.kind === "proxy" ? Code.FailedPrecondition : Code.Unavailable;
  return notSent(code, cause.message, cause);
}
