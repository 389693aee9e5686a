// SPDX-License-Identifier: Apache-2.0
import type { DescMethod, Message } from "@bufbuild/protobuf";
import type { Abort } from "./abort.js";
import type { ResponseMetadata } from "./lazy-response.js";
import type { NamedMethod } from "./method.js";
import type { RequestSettings } from "./unary-request.js";

/** How far a request has come: set by what sends it. */
export interface Progress {
  /** Whether some of it may have reached the server. */
  requestSent: boolean;
}

/** A request as the interceptors left it, on its way to the server. */
export interface SentRequest<M extends NamedMethod> extends RequestSettings {
  readonly method: M;
  readonly message: Message;
  /** The time of the call in milliseconds; `Infinity` for no bound. */
  readonly timeoutMs: number;
  /** When that time is up, by `monotonicMs`. */
  readonly endsAtMs: number;
  /** The caller's abort, or the deadline. */
  readonly abort: Abort;
  /** To be set as the request goes out on a connection: from now on the server may have seen it. */
  readonly progress: Progress;
}

/**
 * A unary call that succeeded: with a message of the method's output type, or with its bytes. Its metadata is made only for
 * those who ask.
 */
export interface UnaryResult<T> extends ResponseMetadata {
  readonly message: T;
}

/** A server-streaming call whose response has begun: with messages of the method's output type, or with their bytes. */
export interface StreamResult<T> {
  readonly header: Headers;
  /** Filled when the last message was read. */
  readonly trailer: Headers;
  /** Each as it comes; throws when the call ends with an error. */
  readonly messages: AsyncIterable<T>;
  /** Stops the call, if it still runs. */
  cancel(): void;
}

/**
 * The part of a transport that differs by protocol: how a request becomes bytes and a response a message. Interceptors, deadlines,
 * aborts and the context of errors are the same for all, in `createTransport`.
 */
export interface Protocol<M extends NamedMethod> {
  /**
   * All that the calls of a method share. `message` is for the error alone.
   *
   * @throws CallError, not sent, for a method that cannot be called this way
   */
  methodOf(desc: DescMethod, message?: unknown): M;
  /** The URL that interceptors see; without a message, which a stream does not have yet, one with its variables in it. */
  urlOf(method: M, message?: Message): string;
  unary(request: SentRequest<M>): Promise<UnaryResult<Message>>;
  serverStream(request: SentRequest<M>): Promise<StreamResult<Message>>;
  /** The error of one of the two above as a CallError, as far as the protocol knows better than `toCallError`. */
  fromError(error: unknown): unknown;
}
