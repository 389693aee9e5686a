// SPDX-License-Identifier: Apache-2.0
import { listenToAbort } from "../../time/abort.js";
import type { Clock } from "../../time/clock.js";

/** What all polls of one client share: so many requests a minute. */
export interface PollBudget {
  /**
   * Resolves when one more poll may be sent. Polls are sent in the order in which they came, evenly spaced, so that a handle
   * that polls often takes no more than its turn. Rejects with the signal's reason when it aborts, and keeps no turn then.
   */
  enter(signal: AbortSignal): Promise<void>;
}

const MINUTE_MS = 60_000;

/** Creates the budget of a client; undefined for one without a bound. */
export function createPollBudget(maxRequestsPerMinute: number, clock: Clock): PollBudget | undefined {
  if (maxRequestsPerMinute === Number.POSITIVE_INFINITY) return undefined;
  const intervalMs = MINUTE_MS / maxRequestsPerMinute;
  const waiting = new Set<() => void>();
  let nextMs = Number.NEGATIVE_INFINITY;
  let stopTimer: (() => void) | undefined;

  const startTimer = (ms: number) => {
    stopTimer = clock.startTimer(ms, admitNext);
  };
  // A timer that has fired counts, even if the clock has not moved: fake timers may replace one and not the other.
  const admitNext = () => {
    stopTimer = undefined;
    const [next] = waiting;
    if (next === undefined) return;
    waiting.delete(next);
    nextMs = Math.max(nextMs, clock.now()) + intervalMs;
    if (waiting.size > 0) startTimer(intervalMs);
    next();
  };
  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        const stopListening = listenToAbort(signal, () => {
          waiting.delete(admit);
          if (waiting.size === 0) {
            stopTimer?.();
            stopTimer = undefined;
          }
          reject(signal.reason);
        });
        const admit = () => {
          stopListening();
          resolve();
        };
        waiting.add(admit);
        if (stopTimer !== undefined) return;
        const pauseMs = nextMs - clock.now();
        if (pauseMs > 0) startTimer(pauseMs);
        else admitNext();
      }),
  };
}
