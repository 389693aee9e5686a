// SPDX-License-Identifier: Apache-2.0
import { listenToAbort } from "./abort.js";
import type { Clock } from "./clock.js";

/** What a task is limited by. */
export interface TimeLimit {
  readonly clock: Clock;
  /** Milliseconds that the task may take; `Infinity` for no bound. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** The error that the task ends with when its time is up. */
  timeoutError(): Error;
}

/**
 * Runs a task with a signal that aborts when the caller's does or when the time is up. The task must heed it. Neither
 * timer nor listener outlives the task.
 */
export async function withTimeLimit<T>(
  limit: TimeLimit,
  task: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  const { clock, timeoutMs, signal } = limit;
  if (timeoutMs === Number.POSITIVE_INFINITY) return task(signal);
  const ended = new AbortController();
  let late: Error | undefined;
  const onAbort = () => ended.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  const stopListening = signal && listenToAbort(signal, onAbort);
  const onTimeout = () => {
    late = limit.timeoutError();
    ended.abort(late);
  };
  const stopTimer = clock.startTimer(timeoutMs, onTimeout);
  try {
    return await task(ended.signal);
  } catch (error) {
    throw late ?? error;
  } finally {
    stopTimer();
    stopListening?.();
  }
}
