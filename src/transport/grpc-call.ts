// SPDX-License-Identifier: Apache-2.0
import type { CallEnd } from "./grpc-call-end.js";
import type { CallMetadata } from "./grpc-call-metadata.js";
import type { GrpcMethod } from "./grpc-method.js";

/** One call, as the engines below the transports see it. */
export interface GrpcCall {
  readonly method: GrpcMethod;
  /** What goes with the request, the protocol's own headers excepted. */
  readonly metadata: CallMetadata;
  /** The request, in binary. */
  readonly message: Uint8Array;
  /** What is told to the server; the call itself ends through `end`. */
  readonly timeoutMs: number | undefined;
  /** The caller's abort, or the deadline. */
  readonly end: CallEnd;
}

/** A unary call that ended with status OK. Its metadata is made only for those who look. */
export interface GrpcAnswer {
  readonly message: Uint8Array;
  header(): Headers;
  trailer(): Headers;
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
