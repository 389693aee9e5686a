// SPDX-License-Identifier: Apache-2.0
import type { Abort } from "../abort.js";
import type { AnswerMetadata } from "../lazy-response.js";
import type { NamedMethod } from "../method.js";
import type { CallMetadata } from "./grpc-call-metadata.js";

/** One call, as the engines below the transports see it. */
export interface GrpcCall {
  readonly method: NamedMethod;
  /** What goes with the request, the protocol's own headers excepted. */
  readonly metadata: CallMetadata;
  /** The request, in binary. */
  readonly message: Uint8Array;
  /** What is told to the server; the call itself ends through `abort`. */
  readonly timeoutMs: number | undefined;
  /** The caller's abort, or the deadline. */
  readonly abort: Abort;
}

/** A unary call that ended with status OK. Its metadata is made only for those who look. */
export interface GrpcAnswer extends AnswerMetadata {
  readonly message: Uint8Array;
}

/** A server-streaming call whose response has begun. */
export interface GrpcStreamAnswer {
  readonly header: Headers;
  /** Filled when the last message was read. */
  readonly trailer: Headers;
  /** The messages; throws when the call ends with another status than OK. */
  readonly messages: AsyncIterable<Uint8Array>;
  /** Stops the call, if it still runs. */
  cancel(): void;
}

/**
 * Carries the bytes of calls: over HTTP/2 streams, or over a channel of grpc-js. Its methods throw `ConnectError` (or
 * `CallError`); which call it was is added above.
 */
export interface GrpcEngine {
  unary(call: GrpcCall): Promise<GrpcAnswer>;
  serverStream(call: GrpcCall): Promise<GrpcStreamAnswer>;
  close(): Promise<void>;
}
