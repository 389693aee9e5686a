// SPDX-License-Identifier: Apache-2.0
import type { ContextValues } from "@connectrpc/connect";
import {
  booleanOption,
  checkFunction,
  checkMethods,
  checkNumber,
  invalidOption,
  invalidValue,
  rejectUnknownKeys,
} from "../errors/options.js";

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

type Check = (name: string, value: unknown) => unknown;

const checkBoolean: Check = (name, value) => booleanOption(name, value, false);
const checkText: Check = (name, value) => {
  if (typeof value !== "string") throw invalidValue(name, value, "text");
};
const checkSchema: Check = (name, value) => {
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  if (kind !== "message") throw invalidOption(`${name}: invalid value (expected the schema of a message)`);
};

/** What the options of calls, lists, waits and handles have to be, whichever bag they are in. */
const CHECKS = Object.entries<Check>({
  signal: (name, value) => {
    if (!isAbortSignal(value)) throw invalidOption(`${name}: invalid value (expected an AbortSignal)`);
  },
  timeoutMs: (name, value) =>
    checkNumber(name, value, { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY }),
  headers: (name, value) => {
    if (typeof value !== "object") throw invalidValue(name, value, "an object, an array of pairs or Headers");
  },
  contextValues: (name, value) => checkMethods(name, value, "get", "set"),
  onHeader: checkFunction,
  onTrailer: checkFunction,
  onTransientError: checkFunction,
  wait: checkBoolean,
  idempotent: checkBoolean,
  returnPartialSuccess: checkBoolean,
  filter: checkText,
  pageToken: checkText,
  response: checkSchema,
  metadata: checkSchema,
});

/**
 * Checks a bag of options before anything is sent: its keys, and what each of them is.
 *
 * @throws TypeError for an unknown key, and for a value of another kind
 */
export function checkOptions(owner: string, options: object, keys: Readonly<Record<string, true>>): void {
  if (options === NO_OPTIONS) return;
  rejectUnknownKeys(owner, options, keys);
  for (const [key, check] of CHECKS) {
    const value: unknown = Reflect.get(options, key);
    if (value !== undefined) check(`${owner}: ${key}`, value);
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
