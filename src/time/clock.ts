// SPDX-License-Identifier: Apache-2.0

import { listenToAbort } from "./abort.js";
import { LONGEST_TIMER_MS, startTimer } from "./timer.js";

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
   * Resolves after `ms` milliseconds (at once for 0 or less). When `signal` aborts, rejects with its reason at once; the
   * timer and the listener are gone by then. `Infinity` waits for the signal alone.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls `onEnd` after `ms` milliseconds (more than 0), never within this call, unless the function that it returns is
   * called before. The same as `sleep` without a promise and a signal, which weigh more than all else when thousands of
   * operations are watched. @default made of `sleep`
   */
  readonly startTimer?: StartTimer;
}

/** When `performance.now()` was 0. Not `performance.timeOrigin`, which is a function under the fake timers of Jest 29. */
const startedMs = Date.now() - performance.now();

/** The clock of the machine. Its `now` starts at the wall clock and then runs on the monotonic one. */
export const systemClock: Required<Clock> = {
  now: () => startedMs + performance.now(),
  wallTime: () => Date.now(),
  sleep: (ms, signal) => sleepBy(startLongTimer, ms, signal),
  startTimer: startLongTimer,
};

/** Any length of time, `Infinity` among them: as many timers as it takes, one after the other. */
function startLongTimer(ms: number, onEnd: () => void): () => void {
  if (ms <= LONGEST_TIMER_MS) return startTimer(ms, onEnd);
  let stop = startTimer(LONGEST_TIMER_MS, () => {
    stop = startLongTimer(ms - LONGEST_TIMER_MS, onEnd);
  });
  return () => stop();
}

/** The time of the wall clock, in milliseconds since the epoch. */
export function wallTimeMs(clock: Clock): number {
  return clock.wallTime?.() ?? clock.now();
}

/** Calls `onEnd` after `ms` milliseconds, more than 0, unless the function that it returns is called before. */
export type StartTimer = (ms: number, onEnd: () => void) => () => void;

/** `Clock.sleep` for a clock that has timers. */
export function sleepBy(startTimer: StartTimer, ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stopTimer = startTimer(ms, () => {
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

/**
 * Calls `onEnd` when `ms` milliseconds have passed on a clock (soon for 0 or less, never within this call), unless the function that
 * it returns is called before.
 */
export function startPause(clock: Clock, ms: number, onEnd: () => void): () => void {
  if (ms > 0 && clock.startTimer !== undefined) return clock.startTimer(ms, onEnd);
  const ended = new AbortController();
  clock.sleep(ms, ended.signal).then(
    () => {
      if (!ended.signal.aborted) onEnd();
    },
    () => undefined,
  );
  return () => ended.abort();
}
