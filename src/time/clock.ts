// SPDX-License-Identifier: Apache-2.0
import { listenToAbort } from "./abort.js";
import { MAX_TIMER_MS, startTimer } from "./timer.js";

/**
 * Where time comes from. Everything in this library that reads the time or waits takes one of these, so that a
 * test moves time by hand and no test sleeps.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch; never goes backwards. It may stand still while the machine sleeps. */
  now(): number;
  /** Milliseconds since the Unix epoch as the wall clock has it, for dates that a server sends. @default `now()` */
  wallTime?(): number;
  /**
   * Calls `onEnd` after `ms` milliseconds, soon for 0 or less, but never within this call; `Infinity` never ends. The
   * function that it returns stops the timer.
   */
  startTimer(ms: number, onEnd: () => void): () => void;
}

/** When `performance.now()` was 0. Not `performance.timeOrigin`, which is a function under the fake timers of Jest 29. */
const startedMs = Date.now() - performance.now();

/** The clock of the machine. Its `now` starts at the wall clock and then runs on the monotonic one. */
export const systemClock: Required<Clock> = {
  now: () => startedMs + performance.now(),
  wallTime: () => Date.now(),
  startTimer: (ms, onEnd) => (ms > 0 ? startLongTimer(ms, onEnd) : startSoon(onEnd)),
};

/** Any length of time, `Infinity` among them: as many timers as it takes, one after the other. */
function startLongTimer(ms: number, onEnd: () => void): () => void {
  if (ms <= MAX_TIMER_MS) return startTimer(ms, onEnd);
  let stop = startTimer(MAX_TIMER_MS, () => {
    stop = startLongTimer(ms - MAX_TIMER_MS, onEnd);
  });
  return () => stop();
}

/** A timer of no time: ends once the code that runs now has ended. */
export function startSoon(onEnd: () => void): () => void {
  let isStopped = false;
  // Not queueMicrotask, which fake timers of test frameworks replace.
  void Promise.resolve().then(() => {
    if (!isStopped) onEnd();
  });
  return () => {
    isStopped = true;
  };
}

/**
 * Resolves after `ms` milliseconds, at once for 0 or less. When `signal` aborts, rejects with its reason at once; the timer
 * and the listener are gone by then.
 */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stopTimer = clock.startTimer(ms, () => {
      stopListening?.();
      resolve();
    });
    const stopListening =
      signal &&
      listenToAbort(signal, () => {
        stopTimer();
        reject(signal.reason);
      });
  });
}
