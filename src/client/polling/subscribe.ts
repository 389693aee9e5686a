// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { type CallError, toCallError } from "../../errors/call-error.js";
import { callGuarded } from "../../observer/topic.js";
import { listenToAbort } from "../../time/abort.js";
import type { Snapshot } from "../snapshot.js";
import { isPolling, type PollLoop, type Subscriber } from "./poll-loop.js";
import { addSubscriber, removeSubscriber } from "./run-loop.js";
import { abortErrorOf, timeoutErrorOf, type WaitLimits } from "./wait-limits.js";

/** Who watches an operation. */
export interface WaitObserver<R, M> {
  /** Called for every poll that succeeds, until the subscription ends. */
  onUpdate(snapshot: Snapshot<R, M>, changed: boolean): void;
  /**
   * Called once with the reason why there will be no more polls: the caller's abort, the time, or an error. `isAborted` is
   * whether the caller's signal has aborted by then.
   */
  onEnd(error: Error, isAborted: boolean): void;
}

/** A subscription that may be ended early. Ending it twice does no harm. */
export interface Subscription {
  unsubscribe(): void;
}

/** The last poll may begin so early that this part of the time is left. */
const LAST_POLL_PART = 1 / 4;
/** A timer that fires so late belongs to a process that was frozen. */
const FROZEN_MS = 1_000;
/** The time of the poll after that, in milliseconds. */
const GRACE_MS = 5_000;

/**
 * Subscribes to a loop with a signal and a time of one's own. It unsubscribes by itself before `onEnd`. However it ends, the
 * timer and the listener are gone by then.
 */
export function subscribe<R, M>(
  loop: PollLoop<R, M>,
  limits: WaitLimits,
  observer: WaitObserver<R, M>,
): Subscription {
  const subscription = new LimitedSubscriber(loop, limits, observer);
  subscription.start();
  return subscription;
}

/** A class, since a program may wait for very many operations: an object literal holds a function for each of its methods. */
class LimitedSubscriber<R, M> implements Subscriber<R, M>, Subscription {
  deadlineMs: number;
  finalPoll: Subscriber<R, M>["finalPoll"];
  readonly maxLastPollMs: number;
  readonly #loop: PollLoop<R, M>;
  readonly #limits: WaitLimits;
  readonly #observer: WaitObserver<R, M>;
  #isInGrace = false;
  #stopListening: (() => void) | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(loop: PollLoop<R, M>, limits: WaitLimits, observer: WaitObserver<R, M>) {
    const { timeoutMs, startMs } = limits;
    this.deadlineMs = startMs + timeoutMs;
    this.finalPoll = timeoutMs === Number.POSITIVE_INFINITY ? undefined : "scheduled";
    this.maxLastPollMs = timeoutMs * LAST_POLL_PART;
    this.#loop = loop;
    this.#limits = limits;
    this.#observer = observer;
  }

  start(): void {
    const { signal } = this.#limits;
    if (signal !== undefined && !this.#listen(signal)) return;
    addSubscriber(this.#loop, this);
    // Not by `finalPoll`: where the time is up at once, the first poll is the last, and has been begun.
    if (this.deadlineMs !== Number.POSITIVE_INFINITY)
      this.#startTimer(this.deadlineMs - this.#loop.options.clock.now());
  }

  unsubscribe(): void {
    this.#stopListening?.();
    this.#stopTimer?.();
    removeSubscriber(this.#loop, this);
  }

  onUpdate(snapshot: Snapshot<R, M>, changed: boolean): void {
    this.#observer.onUpdate(snapshot, changed);
  }

  onTransientError(error: CallError): void {
    callGuarded(
      () => this.#limits.onTransientError?.(error),
      (thrown) => {
        // What comes after the wait has ended is too late to end it.
        if (this.#loop.subscribers.has(this))
          this.#end(() => (thrown instanceof Error ? thrown : toCallError(thrown)));
      },
    );
  }

  onFinalPoll(): void {
    this.#end(() => timeoutErrorOf(this.#limits, this.#loop));
  }

  onError(error: CallError): void {
    // A poll that this wait's own deadline has ended says nothing of the server.
    const isLate = error.code === Code.DeadlineExceeded && this.#loop.options.clock.now() >= this.deadlineMs;
    this.#end(() => (isLate ? timeoutErrorOf(this.#limits, this.#loop) : error));
  }

  /** Whether the signal may still abort; one that has aborted ends the subscription. */
  #listen(signal: AbortSignal): boolean {
    const end = () => this.#end(() => abortErrorOf(this.#limits, signal, this.#loop));
    if (signal.aborted) end();
    else this.#stopListening = listenToAbort(signal, end);
    return !signal.aborted;
  }

  #onTimeout(): void {
    const nowMs = this.#loop.options.clock.now();
    const isFrozen = nowMs - this.deadlineMs > FROZEN_MS;
    const isOwed = this.finalPoll !== undefined && !isPolling(this.#loop);
    if (this.#isInGrace || !(isFrozen || isOwed)) {
      this.onFinalPoll();
      return;
    }
    this.#isInGrace = true;
    this.finalPoll = "overdue";
    this.deadlineMs = nowMs + GRACE_MS;
    this.#startTimer(GRACE_MS);
    addSubscriber(this.#loop, this);
  }

  #startTimer(ms: number): void {
    this.#stopTimer = this.#loop.options.clock.startTimer(ms, () => this.#onTimeout());
  }

  #end(error: () => Error): void {
    this.unsubscribe();
    this.#observer.onEnd(error(), this.#limits.signal?.aborted === true);
  }
}
