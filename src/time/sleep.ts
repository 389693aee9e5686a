// SPDX-License-Identifier: Apache-2.0
import { listenToAbort } from "./abort.js";

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
