// SPDX-License-Identifier: Apache-2.0
import { listenToAbort } from "../time/abort.js";

/** What `concurrently` works by. */
export interface ConcurrentlyOptions<T, R> {
  /** How many items may be taken from the source before their results are read. */
  readonly concurrency: number;
  /** Stops the taking of items, and passes its reason on to the tasks under way; their results still come. */
  readonly signal: AbortSignal | undefined;
  /**
   * Makes the result of an item, and ends soon once its signal aborts. Where it rejects, all else is stopped. The signal is
   * another task's when this one has ended: no listener of its own may stay.
   */
  task(item: T, signal: AbortSignal): Promise<R>;
}

/**
 * The results of a task over a source of any length, each as soon as it is there. Never more than `concurrency` items
 * are held, results that were not read included, so a slow reader holds the source back. When the source or a task throws,
 * the results under way still come, and then its error. A reader that leaves stops the tasks under way.
 */
export async function* concurrently<T, R>(
  source: Iterator<T> | AsyncIterator<T>,
  { concurrency, signal, task }: ConcurrentlyOptions<T, R>,
): AsyncGenerator<R, void> {
  const ready: R[] = [];
  // One signal for each task: thousands of listeners on a single one are slow, and Node warns of a leak. A task that has
  // ended leaves its signal to the next: making one costs more than all else here.
  const underWay = new Set<AbortController>();
  const idle: AbortController[] = [];
  let taking = true;
  let failed: { readonly error: unknown } | undefined;
  let resultCame = () => {};
  let roomCame = () => {};

  const start = (item: T) => {
    const controller = idle.pop() ?? new AbortController();
    underWay.add(controller);
    // Taken while all was being stopped: it has a result like the others, and nothing is done for it.
    if (!taking) controller.abort(signal?.reason);
    void task(item, controller.signal).then(
      (result) => {
        underWay.delete(controller);
        idle.push(controller);
        ready.push(result);
        resultCame();
      },
      (error: unknown) => {
        underWay.delete(controller);
        failed ??= { error };
        stopAll();
      },
    );
  };
  const stopTaking = () => {
    taking = false;
    resultCame();
    roomCame();
  };
  const stopAll = () => {
    stopTaking();
    for (const controller of underWay) controller.abort(signal?.reason);
  };
  const takeAll = async () => {
    try {
      while (taking) {
        if (underWay.size + ready.length >= concurrency) {
          await new Promise<void>((resolve) => {
            roomCame = resolve;
          });
          continue;
        }
        const step = source.next();
        // Not awaited without need: what a source at hand gives is under way before anything else can happen.
        const next = step instanceof Promise ? await step : step;
        if (Object(next) !== next)
          throw new TypeError("an iterator of names returned no object (expected done and value)");
        if (next.done === true) break;
        start(next.value);
      }
    } catch (error) {
      failed ??= { error };
    }
    stopTaking();
  };

  const stopListening = signal && listenToAbort(signal, stopAll);
  if (signal?.aborted) taking = false;
  void takeAll();
  try {
    while (taking || underWay.size > 0 || ready.length > 0) {
      if (ready.length === 0) {
        await new Promise<void>((resolve) => {
          resultCame = resolve;
        });
      }
      for (let result = ready.shift(); result !== undefined; result = ready.shift()) {
        roomCame();
        yield result;
      }
    }
    if (failed !== undefined) throw failed.error;
  } finally {
    stopAll();
    stopListening?.();
  }
}
