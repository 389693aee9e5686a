// SPDX-License-Identifier: Apache-2.0
import type { Code } from "@connectrpc/connect";
import { checkNumber, rejectUnknownKeys } from "../../errors/options.js";
import type { Backoff } from "../../retry/backoff.js";
import { TRANSIENT_CODES } from "../../retry/codes.js";
import { checkBackoff, withBounds } from "../../retry/retry-policy.js";

/**
 * How an operation is followed. Three separate things: the cadence of looks (`initialMs` to `jitter`), what a failed look
 * means (`transientCodes`), and when to stop looking (`timeoutMs`).
 *
 * The first look at an operation nothing is known of is made at once. A server's RetryInfo or Retry-After, on a failed
 * look or a good one, puts the next look off for at least that long.
 */
export interface PollingOptions {
  /** The pause after the first look, in milliseconds. @default 1_000 (Ad Manager: 5_000), or `maxMs` if that is less */
  readonly initialMs?: number | undefined;
  /** How much longer each pause is than the one before. @default 1.5 */
  readonly multiplier?: number | undefined;
  /** The longest pause, in milliseconds. @default 30_000 (Ad Manager: 60_000), or `initialMs` if that is more */
  readonly maxMs?: number | undefined;
  /**
   * The largest part of a pause that chance takes off it, from 0 to 0.2, so that many waits that began together do not
   * stay together. No more, since looks that come too soon use quota up. @default 0.1
   */
  readonly jitter?: number | undefined;
  /**
   * Codes of a failed look after which looking goes on, with the pause that was due anyway. Any other code ends the
   * wait at once. @default Canceled, DeadlineExceeded, ResourceExhausted, Aborted, Unavailable
   */
  readonly transientCodes?: readonly Code[] | undefined;
  /** How long `wait`, `watch` and the others look, in milliseconds, unless they are told otherwise. @default Infinity */
  readonly timeoutMs?: number | undefined;
  /**
   * Lets the server do the waiting: looks with WaitOperation, which answers when the operation ends. A server that does
   * not have it is looked at with GetOperation from then on. @default false
   */
  readonly useServerWait?: boolean | undefined;
}

/** {@link PollingOptions}, checked and complete. */
export interface PollingPolicy extends Backoff {
  readonly transientCodes: readonly Code[];
  readonly timeoutMs: number;
  readonly useServerWait: boolean;
}

const OPTION_KEYS = {
  initialMs: true,
  multiplier: true,
  maxMs: true,
  jitter: true,
  transientCodes: true,
  timeoutMs: true,
  useServerWait: true,
} as const satisfies Record<keyof PollingOptions, true>;
const MOST_JITTER = 0.2;

/** The polling of a client whose options say nothing. */
const DEFAULTS: PollingPolicy = {
  initialMs: 1_000,
  multiplier: 1.5,
  maxMs: 30_000,
  jitter: 0.1,
  transientCodes: TRANSIENT_CODES,
  timeoutMs: Number.POSITIVE_INFINITY,
  useServerWait: false,
};

/** Checks polling options and puts the defaults in: those above, or the polling of the client for one handle. */
export function resolvePolling(
  options: PollingOptions,
  owner: string,
  defaults: PollingPolicy = DEFAULTS,
): PollingPolicy {
  rejectUnknownKeys(owner, options, OPTION_KEYS);
  const policy: PollingPolicy = {
    ...withBounds(options, defaults),
    multiplier: options.multiplier ?? defaults.multiplier,
    jitter: options.jitter ?? defaults.jitter,
    transientCodes: options.transientCodes ?? defaults.transientCodes,
    timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
    useServerWait: options.useServerWait ?? defaults.useServerWait,
  };
  checkBackoff(owner, policy, MOST_JITTER);
  checkNumber(`${owner}.timeoutMs`, policy.timeoutMs, { min: 1, max: Number.POSITIVE_INFINITY });
  return policy;
}
