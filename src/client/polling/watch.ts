// SPDX-License-Identifier: Apache-2.0

import { addCallerFrames } from "../caller-frames.js";
import { isOutcome, type Snapshot } from "../snapshot.js";
import type { PollLoop } from "./poll-loop.js";
import { type Subscription, subscribe, type WaitObserver } from "./subscribe.js";
import type { WaitLimits } from "./wait-limits.js";

/** A `next()` that waits. */
interface Reader<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: Error): void;
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
  return new Watch(new Mailbox(loop, begin));
}

/** A class, since a program may watch very many operations: an object literal holds a function for each of its methods. */
class Watch<R, M> implements AsyncIterableIterator<Snapshot<R, M>> {
  readonly #mailbox: Mailbox<R, M>;

  constructor(mailbox: Mailbox<R, M>) {
    this.#mailbox = mailbox;
  }

  next(): Promise<IteratorResult<Snapshot<R, M>, undefined>> {
    return this.#mailbox.read().then(undefined, throwWithFrames);
  }

  async return(): Promise<IteratorResult<Snapshot<R, M>, undefined>> {
    this.#mailbox.close();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

function throwWithFrames(error: unknown): never {
  throw addCallerFrames(error);
}

/** What has been polled and not been read, and who waits for more. A class for the same reason. */
class Mailbox<R, M> implements WaitObserver<R, M> {
  readonly #loop: PollLoop<R, M>;
  readonly #begin: () => WaitLimits;
  /** The newest that was not read yet. */
  #unread: Snapshot<R, M> | undefined;
  /** There will be nothing more; an error is thrown once. */
  #ended: { readonly error: Error | undefined } | undefined;
  /** Undefined when there is none: an empty array makes room for seventeen with its first element. */
  #readers: Reader<Snapshot<R, M>>[] | undefined;
  #subscription: Subscription | undefined;

  constructor(loop: PollLoop<R, M>, begin: () => WaitLimits) {
    this.#loop = loop;
    this.#begin = begin;
  }

  read(): Promise<IteratorResult<Snapshot<R, M>, undefined>> {
    return new Promise((resolve, reject) => {
      const reader = { resolve, reject };
      if (this.#readers === undefined) this.#readers = [reader];
      else this.#readers.push(reader);
      if (this.#ended === undefined && this.#subscription === undefined) this.#start(this.#begin());
      this.#deliver();
    });
  }

  close(): void {
    this.#subscription?.unsubscribe();
    this.#unread = undefined;
    this.#ended = ENDED_WELL;
    this.#deliver();
  }

  onUpdate(snapshot: Snapshot<R, M>, changed: boolean): void {
    if (!changed) return;
    this.#unread = snapshot;
    if (isOutcome(snapshot)) {
      this.#subscription?.unsubscribe();
      this.#ended = ENDED_WELL;
    }
    this.#deliver();
  }

  onEnd(error: Error, isAborted: boolean): void {
    if (isAborted) this.#unread = undefined; // Given up means now, not after one more.
    this.#ended = { error };
    this.#deliver();
  }

  /** Puts in what is known, and what the polls see from now on. */
  #start(limits: WaitLimits): void {
    const { known } = this.#loop;
    this.#unread = known;
    if (known !== undefined && isOutcome(known)) this.#ended = ENDED_WELL;
    else this.#subscription = subscribe(this.#loop, limits, this);
  }

  /** Gives readers what there is; at the end, one reader gets the error, and the others `done`. */
  #deliver(): void {
    while (this.#readers !== undefined && (this.#unread !== undefined || this.#ended !== undefined)) {
      const reader = this.#readers.shift();
      if (this.#readers.length === 0) this.#readers = undefined;
      if (this.#unread !== undefined) reader?.resolve({ done: false, value: this.#unread });
      else if (this.#ended?.error !== undefined) {
        reader?.reject(this.#ended.error);
        this.#ended = ENDED_WELL;
      } else reader?.resolve(DONE);
      this.#unread = undefined;
    }
  }
}
