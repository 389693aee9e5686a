// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { DEFAULT_MAX_RETRY_DELAY_MS } from "../../budgets/budgets.js";
import {
  booleanOption,
  checkNumber,
  codesOption,
  invalidOption,
  rejectUnknownKeys,
  withDefaults,
} from "../../errors/options.js";
import type { Backoff } from "../../retry/backoff.js";
import { checkBackoff, withBounds } from "../../retry/retry-policy.js";

/**
 * How an operation is polled. Three separate things: the pace (`initialMs` to `maxRetryDelayMs`), what a failed poll means
 * (`transientCodes`, `maxServerErrors`), and when to stop (`timeoutMs`).
 *
 * An operation nothing is known of is polled at once. A server's RetryInfo or Retry-After, with an error or without, puts
 * the next poll off for at least that long; only the last poll before the time is up does not wait for it.
 */
export interface PollingOptions {
  /** The pause after the first poll, in milliseconds. @default 1_000 (Ad Manager: 5_000), or `maxMs` if that is less */
  readonly initialMs?: number | undefined;
  /** How much longer each pause is than the one before. @default 1.5 */
  readonly multiplier?: number | undefined;
  /** The longest pause, in milliseconds. @default 30_000 (Ad Manager: 60_000), or `initialMs` if that is more */
  readonly maxMs?: number | undefined;
  /**
   * The largest part of a pause that chance takes off it, from 0 to 0.2, so that many waits that began together do not
   * stay together. No more, since polls that come too soon use quota up. @default 0.1
   */
  readonly jitter?: number | undefined;
  /** The longest delay that a server may ask for, in milliseconds; a longer one is cut. @default 600_000 */
  readonly maxRetryDelayMs?: number | undefined;
  /**
   * Codes of a failed poll after which the wait continues, with the pause that was due anyway. Any other code ends the wait at
   * once, but for `maxServerErrors`; and so do a certificate or a protocol that cannot work, and a server that was never
   * reached while nothing is known of the operation.
   * @default Canceled, DeadlineExceeded, ResourceExhausted, Aborted, Unavailable
   */
  readonly transientCodes?: readonly Code[] | undefined;
  /**
   * So many polls in a row that fail with INTERNAL or UNKNOWN end a wait; after fewer it continues. So do connections that
   * break without a response, while nothing is known of the operation and no server has responded. @default 3
   */
  readonly maxServerErrors?: number | undefined;
  /** How long `wait`, `watch` and the others poll, in milliseconds, unless they are given a time. @default Infinity */
  readonly timeoutMs?: number | undefined;
  /**
   * Lets the server do the waiting: polls with WaitOperation, which returns when the operation ends. A server that does
   * not have it is polled with GetOperation from then on. @default false
   */
  readonly useServerWait?: boolean | undefined;
  /**
   * The most polls in a minute, of all handles and watches of a client together, since quotas count by project and minute. A
   * poll that is due waits for its turn, first come, first served, also shortly before a wait's time is up. A page of a List
   * counts as one poll; an explicit `poll()` and retries of a failed call are not counted. For a client, not for a handle.
   * @default Infinity
   */
  readonly maxRequestsPerMinute?: number | undefined;
}

/** {@link PollingOptions}, checked and complete. */
export interface PollingPolicy extends Backoff {
  readonly maxRetryDelayMs: number;
  readonly transientCodes: readonly Code[];
  readonly maxServerErrors: number;
  readonly timeoutMs: number;
  readonly useServerWait: boolean;
  readonly maxRequestsPerMinute: number;
}

const OPTION_KEYS = {
  initialMs: true,
  multiplier: true,
  maxMs: true,
  jitter: true,
  maxRetryDelayMs: true,
  transientCodes: true,
  maxServerErrors: true,
  timeoutMs: true,
  useServerWait: true,
  maxRequestsPerMinute: true,
} as const satisfies Record<keyof PollingOptions, true>;
const MAX_JITTER = 0.2;

/**
 * Codes of a failed poll after which a wait goes on, since they are not about the operation. `Canceled` is among them since it
 * is the poll that was cancelled, by a proxy or a server shutting down, and not the operation.
 */
const TRANSIENT_CODES: readonly Code[] = [
  Code.Canceled,
  Code.DeadlineExceeded,
  Code.ResourceExhausted,
  Code.Aborted,
  Code.Unavailable,
];

/** Ad Manager's bounds, for its two clients: "Poll every 5 seconds initially, with an exponential backoff." */
export const AD_MANAGER_POLLING = { initialMs: 5_000, maxMs: 60_000 };

/** The polling of a client without polling options. */
export const DEFAULT_POLLING: PollingPolicy = {
  initialMs: 1_000,
  multiplier: 1.5,
  maxMs: 30_000,
  jitter: 0.1,
  maxRetryDelayMs: DEFAULT_MAX_RETRY_DELAY_MS,
  transientCodes: TRANSIENT_CODES,
  maxServerErrors: 3,
  timeoutMs: Number.POSITIVE_INFINITY,
  useServerWait: false,
  maxRequestsPerMinute: Number.POSITIVE_INFINITY,
};

/** Checks polling options and puts the defaults in: those above, or the polling of the client for one handle. */
export function resolvePolling(
  options: PollingOptions,
  owner: string,
  ofClient?: PollingPolicy,
): PollingPolicy {
  rejectUnknownKeys(owner, options, OPTION_KEYS);
  const defaults = ofClient ?? DEFAULT_POLLING;
  const policy: PollingPolicy = {
    ...withDefaults(options, defaults),
    ...withBounds(options, defaults),
    transientCodes: codesOption(`${owner}.transientCodes`, options.transientCodes, defaults.transientCodes),
    useServerWait: booleanOption(`${owner}.useServerWait`, options.useServerWait, defaults.useServerWait),
  };
  checkBackoff(owner, policy, MAX_JITTER);
  checkNumber(`${owner}.maxRetryDelayMs`, policy.maxRetryDelayMs, { min: 0, max: Number.POSITIVE_INFINITY });
  checkNumber(`${owner}.maxServerErrors`, policy.maxServerErrors, { min: 1, max: 1_000, whole: true });
  checkNumber(`${owner}.maxRequestsPerMinute`, policy.maxRequestsPerMinute, {
    min: Number.MIN_VALUE,
    max: Number.POSITIVE_INFINITY,
  });
  if (ofClient !== undefined && policy.maxRequestsPerMinute !== ofClient.maxRequestsPerMinute) {
    throw invalidOption(
      `${owner}.maxRequestsPerMinute: set for one handle (expected in the options of the client, whose handles share it)`,
    );
  }
  checkNumber(`${owner}.timeoutMs`, policy.timeoutMs, { min: 1, max: Number.POSITIVE_INFINITY });
  return policy;
}
