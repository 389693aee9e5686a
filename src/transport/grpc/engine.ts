// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { CallError } from "../../errors/call-error.js";
import { monotonicMs } from "../../time/timer.js";
import type { Abort } from "../call/abort.js";
import type { Progress, StreamResult, UnaryResult } from "../call/protocol.js";
import type { Metadata } from "./metadata.js";

/** One call, as the engines below the transports see it. */
export interface GrpcCall {
  /** `/google.longrunning.Operations/CancelOperation`. */
  readonly path: string;
  /** `x-goog-request-params`: what Google's front ends route the call by. */
  readonly routing: string | undefined;
  /** What the caller and the interceptors have set. It wins over what the library sets. */
  readonly metadata: Metadata | undefined;
  /** The request, in binary. */
  readonly message: Uint8Array;
  /** When the call's time is up, by `monotonicMs`; `Infinity` for a call without a deadline. It ends through `abort`. */
  readonly endsAtMs: number;
  /** The caller's abort, or the deadline. */
  readonly abort: Abort;
  /** To be set as the request is about to leave: from now on the server may have seen it. */
  readonly progress: Progress;
}

/** Milliseconds that a call has left, 0 or less when its time is up; `Infinity` for a call without a deadline. */
export function timeLeftOf({ endsAtMs }: GrpcCall): number {
  return endsAtMs === Number.POSITIVE_INFINITY ? endsAtMs : endsAtMs - monotonicMs();
}

/** Whether a call's time is up, although its own timer may not have fired yet. */
export function isOverdue(call: GrpcCall): boolean {
  return timeLeftOf(call) <= 0;
}

/**
 * Sends the bytes of calls: over HTTP/2 streams, or over a channel of grpc-js. Its methods throw `ConnectError` (or
 * `CallError`); the context of the call is added by the transport.
 */
export interface GrpcEngine {
  unary(call: GrpcCall): Promise<UnaryResult<Uint8Array>>;
  serverStream(call: GrpcCall): Promise<StreamResult<Uint8Array>>;
  /** Takes no more calls, lets those under way end, and closes the connection. */
  close(): Promise<void>;
}

/** The error of a call of which nothing has been sent. */
export function notSent(code: Code, message: string, cause?: unknown): CallError {
  return new CallError({ code, message, cause, requestSent: false });
}

/** The error of a response that costs more than this side takes. */
export function limitError(message: string): CallError {
  return new CallError({
    code: Code.ResourceExhausted,
    reason: "response-too-large",
    message,
    requestSent: true,
  });
}
