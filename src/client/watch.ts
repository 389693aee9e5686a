// SPDX-License-Identifier: Apache-2.0
import { follow } from "./follow.js";
import type { PollLoop } from "./poll-loop.js";
import { isOutcome, type Snapshot } from "./snapshot.js";
import type { WaitLimits } from "./wait.js";

/**
 * The snapshots of an operation as they change, the last one terminal. What is known already comes first, without a
 * look. Looking begins with the first `next()` and stops when the iterator is returned, at once even while a `next()` waits.
 *
 * A reader slower than the looks misses what was overtaken: it gets the latest, and always the last.
 */
export function watchChanges<R, M>(
  loop: PollLoop<R, M>,
  limits: WaitLimits,
): AsyncIterableIterator<Snapshot<R, M>> {
  type Result = IteratorResult<Snapshot<R, M>, undefined>;
  const over: Result = { done: true, value: undefined };
  let leave: (() => void) | undefined;
  /** The newest snapshot that was not read yet. */
  let unread: Snapshot<R, M> | undefined;
  let ended: { readonly error: Error | undefined } | undefined;
  let readers: { resolve(result: Result): void; reject(error: Error): void }[] = [];

  /** Hands out what there is; at the end, one reader gets the error, and the others learn that it is over. */
  const serve = () => {
    while (readers.length > 0 && (unread !== undefined || ended !== undefined)) {
      const reader = readers.shift();
      if (unread !== undefined) reader?.resolve({ done: false, value: unread });
      else if (ended?.error !== undefined) {
        reader?.reject(ended.error);
        ended = { error: undefined };
      } else reader?.resolve(over);
      unread = undefined;
    }
  };
  const onLook = (snapshot: Snapshot<R, M>, changed: boolean) => {
    if (!changed) return;
    unread = snapshot;
    if (isOutcome(snapshot)) {
      leave?.();
      ended = { error: undefined };
    }
    serve();
  };
  const begin = () => {
    unread = loop.known;
    if (unread !== undefined && isOutcome(unread)) {
      ended = { error: undefined };
      return () => undefined;
    }
    return follow<R, M>(loop, {
      ...limits,
      onLook,
      onEnd: (error) => {
        if (limits.signal?.aborted) unread = undefined; // Given up means now, not after one more.
        ended = { error };
        serve();
      },
    });
  };

  return {
    next: () =>
      new Promise<Result>((resolve, reject) => {
        readers.push({ resolve, reject });
        leave ??= begin();
        serve();
      }),
    return: async () => {
      leave?.();
      unread = undefined;
      ended = { error: undefined };
      serve();
      readers = [];
      return over;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
