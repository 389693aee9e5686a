// SPDX-License-Identifier: Apache-2.0

/** Delays that grow: the first, by how much each is longer than the one before, and where they stop growing. */
export interface Backoff {
  /** The first delay, in milliseconds. */
  readonly initialMs: number;
  /** What each delay is multiplied by to give the next; 1 keeps them equal. */
  readonly multiplier: number;
  /** The longest delay, in milliseconds, before jitter. */
  readonly maxMs: number;
  /**
   * The largest part of a delay that chance takes off it, from 0 to 1: with 0.2, a delay is 80 % to 100 % of its
   * nominal length. It only ever shortens, so that `maxMs` stays a bound.
   */
  readonly jitter: number;
}

/** A number from 0 to below 1, as `Math.random` gives it. Passed in, so that a test knows every delay. */
export type Random = () => number;

/** The chance of the machine. */
export const systemRandom: Random = () => Math.random();

/**
 * The delay after `step` earlier ones, in milliseconds; `step` is 0 for the first. A step so late that the power
 * overflows gives `maxMs` like those before it.
 */
export function backoffMs(backoff: Backoff, step: number, random: Random): number {
  const { initialMs, multiplier, maxMs, jitter } = backoff;
  const nominalMs = Math.min(initialMs * multiplier ** step, maxMs);
  return nominalMs * (1 - jitter * random());
}
