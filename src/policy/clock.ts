// SPDX-License-Identifier: Apache-2.0
import { listenToAbort } from "./abort-listeners.js";
import { LONGEST_TIMER_MS } from "./timer.js";

/**
 * Where time comes from. Everything in this library that reads the time or waits takes one of these, so that a
 * test moves time by hand and no test sleeps.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch; never goes backwards. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds (at once for 0 or less). When `signal` aborts, rejects with its reason at once; the
   * timer and the listener are gone by then. `Infinity` waits for the signal alone.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. Its `now` starts at the wall clock and then runs on the monotonic one. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      let timer: ReturnType<typeof setTimeout> | undefined;
      let left = ms;
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const next = () => {
        if (left <= 0) {
          stopListening?.();
          resolve();
          return;
        }
        const step = Math.min(left, LONGEST_TIMER_MS);
        left -= step;
        timer = setTimeout(next, step);
      };
      const stopListening = signal && listenToAbort(signal, onAbort);
      next();
    }),
};
