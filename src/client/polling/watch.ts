// SPDX-License-Identifier: Apache-2.0

import { isOutcome, type Snapshot } from "../snapshot.js";
import type { PollLoop } from "./poll-loop.js";
import { type FollowLimits, type FollowObserver, follow } from "./subscribe.js";

/** One who waits in `next()`. */
interface Reader<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: Error): void;
}

/** Between the looks, which come when they come, and the readers, who take their time. */
interface Mailbox<T> {
  /** The newest that was not read yet. */
  unread: T | undefined;
  /** There will be nothing more; with an error, that is told once. */
  ended: { readonly error: Error | undefined } | undefined;
  readonly readers: Reader<T>[];
}

const OVER = { done: true, value: undefined } as const;
const WELL_ENDED = { error: undefined };

/**
 * The snapshots of an operation as they change, the last one terminal. What is known already comes first, without a
 * look. Looking begins with the first `next()` and stops when the iterator is returned, at once even while a `next()` waits.
 *
 * A reader slower than the looks misses what was overtaken: it gets the latest, and always the last.
 */
export function watchChanges<R, M>(
  loop: PollLoop<R, M>,
  limits: FollowLimits,
): AsyncIterableIterator<Snapshot<R, M>> {
  const mailbox: Mailbox<Snapshot<R, M>> = { unread: undefined, ended: undefined, readers: [] };
  let leave: (() => void) | undefined;
  return {
    next: () =>
      new Promise((resolve, reject) => {
        mailbox.readers.push({ resolve, reject });
        leave ??= begin(loop, limits, mailbox);
        serve(mailbox);
      }),
    return: async () => {
      leave?.();
      mailbox.unread = undefined;
      mailbox.ended = WELL_ENDED;
      serve(mailbox);
      return OVER;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Puts in what is known, and what the looks see from now on. */
function begin<R, M>(
  loop: PollLoop<R, M>,
  limits: FollowLimits,
  mailbox: Mailbox<Snapshot<R, M>>,
): () => void {
  mailbox.unread = loop.known;
  if (loop.known !== undefined && isOutcome(loop.known)) {
    mailbox.ended = WELL_ENDED;
    return () => undefined;
  }
  const observer: FollowObserver<R, M> = {
    onLook(snapshot, changed) {
      if (!changed) return;
      mailbox.unread = snapshot;
      if (isOutcome(snapshot)) {
        leave();
        mailbox.ended = WELL_ENDED;
      }
      serve(mailbox);
    },
    onEnd(error) {
      if (limits.signal?.aborted) mailbox.unread = undefined; // Given up means now, not after one more.
      mailbox.ended = { error };
      serve(mailbox);
    },
  };
  const leave = follow(loop, { ...limits, startMs: loop.options.clock.now() }, observer);
  return leave;
}

/** Hands out what there is; at the end, one reader gets the error, and the others learn that it is over. */
function serve<T>(mailbox: Mailbox<T>): void {
  const { readers } = mailbox;
  while (readers.length > 0 && (mailbox.unread !== undefined || mailbox.ended !== undefined)) {
    const reader = readers.shift();
    if (mailbox.unread !== undefined) reader?.resolve({ done: false, value: mailbox.unread });
    else if (mailbox.ended?.error !== undefined) {
      reader?.reject(mailbox.ended.error);
      mailbox.ended = WELL_ENDED;
    } else reader?.resolve(OVER);
    mailbox.unread = undefined;
  }
}
