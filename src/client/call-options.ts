// SPDX-License-Identifier: Apache-2.0
import type { ContextValues } from "@connectrpc/connect";

/** Options of a single call. They are read once and never changed. */
export interface OperationCallOptions {
  /**
   * Gives the call up: it rejects in the same turn with a `CallError` of the reason `aborted-by-caller`. Nothing is sent
   * when it is aborted already. The operation itself is never touched by it.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time that the call may take, its retries included, in milliseconds; `Infinity` for no bound.
   * @default the client's `timeoutMs`
   */
  readonly timeoutMs?: number | undefined;
  /** Headers to send with each attempt. @default none */
  readonly headers?: HeadersInit | undefined;
  /** Values for the interceptors of the transport. @default none */
  readonly contextValues?: ContextValues | undefined;
  /** Called with the header of the answer, when there is one. */
  readonly onHeader?: ((headers: Headers) => void) | undefined;
  /** Called with the trailer of the answer, when there is one. */
  readonly onTrailer?: ((trailers: Headers) => void) | undefined;
}

/** What a call without options has. */
export const NO_OPTIONS: OperationCallOptions = {};
