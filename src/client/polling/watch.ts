// SPDX-License-Identifier: Apache-2.0

import { addCallerFrames } from "../caller-frames.js";
import { isOutcome, type Snapshot } from "../snapshot.js";
import type { PollLoop } from "./poll-loop.js";
import { subscribe, type WaitLimits, type WaitObserver } from "./subscribe.js";

/** A `next()` that waits. */
interface Reader<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: Error): void;
}

/** What has been polled and not been read, and who waits for more. */
interface Mailbox<T> {
  /** The newest that was not read yet. */
  unread: T | undefined;
  /** There will be nothing more; an error is thrown once. */
  ended: { readonly error: Error | undefined } | undefined;
  readonly readers: Reader<T>[];
}

const DONE = { done: true, value: undefined } as const;
const ENDED_WELL = { error: undefined };

/**
 * The snapshots of an operation as they change, the last one terminal. What is known already comes first, without a
 * poll. Polling begins with the first `next()` and stops when the iterator is returned, at once even while a `next()`
 * waits; an iterator that was returned stays closed.
 *
 * A reader slower than the polls misses what was overtaken: it gets the latest, and always the last.
 */
export function watchChanges<R, M>(
  loop: PollLoop<R, M>,
  begin: () => WaitLimits,
): AsyncIterableIterator<Snapshot<R, M>> {
  const mailbox: Mailbox<Snapshot<R, M>> = { unread: undefined, ended: undefined, readers: [] };
  let unsubscribe: (() => void) | undefined;
  const read = () =>
    new Promise<IteratorResult<Snapshot<R, M>, undefined>>((resolve, reject) => {
      mailbox.readers.push({ resolve, reject });
      if (mailbox.ended === undefined) unsubscribe ??= start(loop, begin(), mailbox);
      deliver(mailbox);
    });
  return {
    next: async () => {
      try {
        return await read();
      } catch (error) {
        throw addCallerFrames(error);
      }
    },
    return: async () => {
      unsubscribe?.();
      mailbox.unread = undefined;
      mailbox.ended = ENDED_WELL;
      deliver(mailbox);
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Puts in what is known, and what the polls see from now on. */
function start<R, M>(loop: PollLoop<R, M>, limits: WaitLimits, mailbox: Mailbox<Snapshot<R, M>>): () => void {
  mailbox.unread = loop.known;
  if (loop.known !== undefined && isOutcome(loop.known)) {
    mailbox.ended = ENDED_WELL;
    return () => undefined;
  }
  const observer: WaitObserver<R, M> = {
    onUpdate(snapshot, changed) {
      if (!changed) return;
      mailbox.unread = snapshot;
      if (isOutcome(snapshot)) {
        unsubscribe();
        mailbox.ended = ENDED_WELL;
      }
      deliver(mailbox);
    },
    onEnd(error) {
      if (limits.signal?.aborted) mailbox.unread = undefined; // Given up means now, not after one more.
      mailbox.ended = { error };
      deliver(mailbox);
    },
  };
  const unsubscribe = subscribe(loop, limits, observer);
  return unsubscribe;
}

/** Gives readers what there is; at the end, one reader gets the error, and the others `done`. */
function deliver<T>(mailbox: Mailbox<T>): void {
  const { readers } = mailbox;
  while (readers.length > 0 && (mailbox.unread !== undefined || mailbox.ended !== undefined)) {
    const reader = readers.shift();
    if (mailbox.unread !== undefined) reader?.resolve({ done: false, value: mailbox.unread });
    else if (mailbox.ended?.error !== undefined) {
      reader?.reject(mailbox.ended.error);
      mailbox.ended = ENDED_WELL;
    } else reader?.resolve(DONE);
    mailbox.unread = undefined;
  }
}
