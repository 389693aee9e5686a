// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "./clock.js";

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
