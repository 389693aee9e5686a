// SPDX-License-Identifier: Apache-2.0

/** The longest delay that `setTimeout` takes, in milliseconds (24.8 days): above it the timer fires at once. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1;

/** Milliseconds since an arbitrary moment, on a clock that only goes forward. */
export function monotonicMs(): number {
  return performance.now();
}

/** Options of {@link startTimer}. */
export interface TimerOptions {
  /** Lets the process end before the timer does. @default false */
  readonly background?: boolean;
}

/**
 * Calls `onEnd` after `ms` milliseconds, unless the function that it returns is called before. For what the
 * machine's own time decides, such as the deadline of a call; what a test must be able to wait for takes a `Clock`.
 *
 * A delay above `MAX_TIMER_MS` never ends.
 */
export function startTimer(ms: number, onEnd: () => void, options: TimerOptions = {}): () => void {
  if (ms > MAX_TIMER_MS) return () => {};
  // setTimeout cuts a fraction off, which would end it too early.
  const timer = setTimeout(onEnd, Math.ceil(ms));
  // A number in browsers, where no process waits for it.
  if (options.background === true && typeof timer === "object") timer.unref();
  return () => clearTimeout(timer);
}

/** What a Connect `Transport` takes for "no timeout, not even your default". */
const NO_TIMEOUT = 0;

/**
 * A timeout as a Connect `Transport` takes it. Above `MAX_TIMER_MS` (`Infinity` included) there is none. A
 * transport counts whole milliseconds on some wires, so a fraction is rounded up.
 *
 * Not for a timeout of 0 or less: that deadline has passed, so nothing is sent.
 */
export function toTransportTimeoutMs(timeoutMs: number): number {
  return timeoutMs > MAX_TIMER_MS ? NO_TIMEOUT : Math.ceil(timeoutMs);
}
