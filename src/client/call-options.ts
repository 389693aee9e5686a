// SPDX-License-Identifier: Apache-2.0
import type { ContextValues } from "@connectrpc/connect";
import { checkFunction } from "../errors/options.js";
import {
  type Checks,
  checkContextValues,
  checkHeaders,
  checkSignal,
  checkSomeNumber,
} from "./option-checks.js";

/** Options of a single call. They are read once and never changed; one that is unknown or cannot be used is a `TypeError`. */
export interface OperationCallOptions {
  /**
   * Aborts the call, which rejects in the same turn with a `CallError` of the reason `aborted-by-caller`. Nothing is sent
   * when the signal has aborted already. The operation itself is not touched.
   * @default none
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time that the call may take, its retries included, in milliseconds; `Infinity` for no bound. With 0 or less, the
   * deadline has passed, and nothing is sent (a Connect transport by itself takes 0 as no limit).
   * @default the client's `timeoutMs`
   */
  readonly timeoutMs?: number | undefined;
  /** Headers to send with each attempt. @default none */
  readonly headers?: HeadersInit | undefined;
  /** Values for the interceptors of the transport. @default none */
  readonly contextValues?: ContextValues | undefined;
  /** Called with the header of the response, when there is one. @default none */
  readonly onHeader?: ((headers: Headers) => void) | undefined;
  /** Called with the trailer of the response, when there is one. @default none */
  readonly onTrailer?: ((trailers: Headers) => void) | undefined;
}

/** The options of a call that has none. */
export const NO_OPTIONS: OperationCallOptions = {};

/** Their checks, to spread into those of larger options. */
export const CALL_CHECKS: Checks<OperationCallOptions> = {
  signal: checkSignal,
  timeoutMs: checkSomeNumber,
  headers: checkHeaders,
  contextValues: checkContextValues,
  onHeader: checkFunction,
  onTrailer: checkFunction,
};

/** Options of `waitOperation`. */
export interface WaitOperationOptions extends OperationCallOptions {
  /** How long the server is asked to wait, in milliseconds. @default the server's own limit */
  readonly serverWaitMs?: number | undefined;
}
