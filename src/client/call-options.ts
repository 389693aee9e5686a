// SPDX-License-Identifier: Apache-2.0
import type { ContextValues } from "@connectrpc/connect";
import { checkNumber, invalidOption, rejectUnknownKeys } from "../errors/options.js";

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

/** Their names, to spread into those of larger options. */
export const CALL_OPTION_KEYS: Record<keyof OperationCallOptions, true> = {
  signal: true,
  timeoutMs: true,
  headers: true,
  contextValues: true,
  onHeader: true,
  onTrailer: true,
};

/** Options of `waitOperation`. */
export interface WaitOperationOptions extends OperationCallOptions {
  /** How long the server is asked to wait, in milliseconds. @default the server's own limit */
  readonly serverWaitMs?: number | undefined;
}

/** Their names. */
export const WAIT_OPERATION_KEYS = { ...CALL_OPTION_KEYS, serverWaitMs: true } as const satisfies Record<
  keyof WaitOperationOptions,
  true
>;

/** The longest google.protobuf.Duration, in milliseconds. */
export const MAX_SERVER_WAIT_MS = 315_576_000_000_000;

/** What options of calls and of waits have in common. */
interface CommonOptions {
  readonly signal?: unknown;
  readonly timeoutMs?: unknown;
}

/**
 * Checks the options of one call or one wait: their keys, the signal, the time.
 *
 * @throws TypeError for an unknown key, for what is no AbortSignal, and for a time that is no number
 */
export function checkOptions(
  owner: string,
  options: CommonOptions,
  keys: Readonly<Record<string, true>>,
): void {
  if (options === NO_OPTIONS) return;
  rejectUnknownKeys(owner, options, keys);
  const { signal, timeoutMs } = options;
  if (signal !== undefined && !isAbortSignal(signal)) {
    throw invalidOption(`${owner}: signal: invalid value (expected an AbortSignal)`);
  }
  if (timeoutMs !== undefined) {
    checkNumber(`${owner}: timeoutMs`, timeoutMs, {
      min: Number.NEGATIVE_INFINITY,
      max: Number.POSITIVE_INFINITY,
    });
  }
}

/** Checks an option that is one of a few words. */
export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || choices.some((choice) => choice === value)) return;
  const shown = typeof value === "string" ? JSON.stringify(value.slice(0, 64)) : typeof value;
  const expected = choices.map((choice) => JSON.stringify(choice)).join(" or ");
  throw invalidOption(`${name}: invalid value (got ${shown}; expected ${expected})`);
}

/** Not `instanceof`: a signal may come from another realm, or from a polyfill. */
function isAbortSignal(value: unknown): boolean {
  return typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value;
}
