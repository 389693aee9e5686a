// SPDX-License-Identifier: Apache-2.0
import { listenToAbort } from "./abort-listeners.js";

/** Calls `onEnd` after `ms` milliseconds, more than 0, unless the function that it returns is called before. */
export type StartTimer = (ms: number, onEnd: () => void) => () => void;

/** `Clock.sleep` for a clock that has timers. */
export function sleepBy(startTimer: StartTimer, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted || ms <= 0) {
      if (signal?.aborted) reject(signal.reason);
      else resolve();
      return;
    }
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
