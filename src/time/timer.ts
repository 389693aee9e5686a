// SPDX-License-Identifier: Apache-2.0

/** The longest delay that `setTimeout` takes, in milliseconds: above it the timer fires at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Milliseconds on a clock that only goes forward; of meaning beside another such time. */
export function monotonicMs(): number {
  return performance.now();
}

/** Options of {@link startTimer}. */
export interface TimerOptions {
  /** Lets the process end before the timer does. @default false */
  readonly background?: boolean;
}

/**
 * Calls `onEnd` after `ms` milliseconds, unless the function that it returns is called before. For deadlines of calls:
 * `Clock.sleep` costs a promise and an abort signal, which is more than the call that it guards.
 *
 * A delay that no timer can wait for (24.8 days) never ends.
 */
export function startTimer(ms: number, onEnd: () => void, options: TimerOptions = {}): () => void {
  if (ms > LONGEST_TIMER_MS) return () => {};
  // setTimeout cuts a fraction off, which would end it too early.
  const timer = setTimeout(onEnd, Math.ceil(ms));
  // A number in browsers, where no process waits for it.
  if (options.background === true && typeof timer === "object") timer.unref();
  return () => clearTimeout(timer);
}

/** The longest timeout that a timer takes, in milliseconds: above it `setTimeout` fires at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** What a Connect `Transport` takes for "no timeout, not even your default". */
const NO_TIMEOUT = 0;

/**
 * A timeout as a Connect `Transport` takes it. Above what a timer can wait (24.8 days, `Infinity` included) there is
 * none. A transport counts whole milliseconds on some wires, so a fraction is rounded up.
 *
 * The caller has already answered for a timeout of 0 or less: that deadline has passed, and nothing is sent.
 */
export function toTransportTimeoutMs(timeoutMs: number): number {
  return timeoutMs > LONGEST_TIMEOUT_MS ? NO_TIMEOUT : Math.ceil(timeoutMs);
}
