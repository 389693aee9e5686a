// SPDX-License-Identifier: Apache-2.0
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { type CallError, toCallError } from "../../errors/call-error.js";
import { abortError } from "../../retry/attempts.js";
import { listenToAbort } from "../../time/abort.js";
import type { Snapshot } from "../snapshot.js";
import { WaitTimeoutError } from "../wait-timeout-error.js";
import { isPolling, type PollLoop, type Subscriber } from "./poll-loop.js";
import { addSubscriber, removeSubscriber } from "./run-loop.js";

/** Options of everything that waits. */
export interface WaitOptions {
  /**
   * Stops the polling: the wait rejects in the same turn with a `CallError` of the reason `aborted-by-caller`. Other
   * waiters on the same handle go on, and the operation is not touched.
   * @default none
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long to poll, in milliseconds; `Infinity` for no bound. Then the wait rejects with a `WaitTimeoutError`. The last
   * poll is made shortly before, whatever the pace; after a process was frozen, one more is made before giving up.
   * @default `polling.timeoutMs` of the handle or the client
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Called for each failed poll that is waited through, so that a program can show that polling is in trouble. What it
   * throws ends the wait. @default none
   */
  readonly onTransientError?: ((error: CallError) => void) | undefined;
}

/** The keys of {@link WaitOptions}, for bags that hold more. */
export const WAIT_OPTION_KEYS: Record<keyof WaitOptions, true> = {
  signal: true,
  timeoutMs: true,
  onTransientError: true,
};

/** What a wait is limited by. */
export interface WaitLimits {
  readonly operationName: string;
  readonly signal: AbortSignal | undefined;
  /** The time there is, counted from `startMs`. */
  readonly timeoutMs: number;
  /** When what this is part of began. */
  readonly startMs: number;
  /** Polls of the loop before that. */
  readonly pollsBefore: number;
  /** What this is part of has sent something already: a cancel request. */
  readonly requestSent: boolean;
  readonly onTransientError: ((error: CallError) => void) | undefined;
}

/** The limits of a wait that begins now. */
export function waitLimitsOf<R, M>(
  loop: PollLoop<R, M>,
  operationName: string,
  { signal, timeoutMs = loop.options.policy.timeoutMs, onTransientError }: WaitOptions,
): WaitLimits {
  const startMs = loop.options.clock.now();
  return {
    operationName,
    signal,
    timeoutMs,
    onTransientError,
    startMs,
    pollsBefore: loop.polls,
    requestSent: false,
  };
}

/** Who watches an operation. */
export interface WaitObserver<R, M> {
  /** Called for every poll that succeeds, until the subscription ends. */
  onUpdate(snapshot: Snapshot<R, M>, changed: boolean): void;
  /** Called once with the reason why there will be no more polls: the caller's abort, the time, or an error. */
  onEnd(error: Error): void;
}

/** The last poll may begin so early that this part of the time is left. */
const LAST_POLL_PART = 1 / 4;
/** A timer that fires so late belongs to a process that was frozen. */
const FROZEN_MS = 1_000;
/** The time of the poll after that, in milliseconds. */
const GRACE_MS = 5_000;

/**
 * Subscribes to a loop with a signal and a time of one's own. The returned function unsubscribes; it is called by itself
 * before `onEnd`. However it ends, the timer and the listener are gone by then.
 */
export function subscribe<R, M>(
  loop: PollLoop<R, M>,
  limits: WaitLimits,
  observer: WaitObserver<R, M>,
): () => void {
  const { signal, timeoutMs, startMs } = limits;
  const { clock } = loop.options;
  const end = (error: () => Error) => {
    unsubscribe();
    observer.onEnd(error());
  };
  const timeOut = () => end(() => timeoutErrorOf(limits, loop));
  const subscriber: Subscriber<R, M> = {
    deadlineMs: startMs + timeoutMs,
    finalPoll: timeoutMs === Number.POSITIVE_INFINITY ? undefined : "scheduled",
    maxLastPollMs: timeoutMs * LAST_POLL_PART,
    onUpdate: observer.onUpdate,
    onTransientError: (error) => {
      try {
        limits.onTransientError?.(error);
      } catch (thrown) {
        end(() => (thrown instanceof Error ? thrown : toCallError(thrown)));
      }
    },
    onFinalPoll: timeOut,
    onError: (error) => end(() => error),
  };
  let isInGrace = false;
  let stopListening: (() => void) | undefined;
  let stopTimer: (() => void) | undefined;
  const unsubscribe = () => {
    stopListening?.();
    stopTimer?.();
    removeSubscriber(loop, subscriber);
  };
  const onTimeout = () => {
    const nowMs = clock.now();
    const isFrozen = nowMs - subscriber.deadlineMs > FROZEN_MS;
    const isOwed = subscriber.finalPoll !== undefined && !isPolling(loop);
    if (isInGrace || !(isFrozen || isOwed)) return timeOut();
    isInGrace = true;
    subscriber.finalPoll = "overdue";
    subscriber.deadlineMs = nowMs + GRACE_MS;
    stopTimer = clock.startTimer(GRACE_MS, onTimeout);
    addSubscriber(loop, subscriber);
  };

  if (signal?.aborted) {
    end(() => abortErrorOf(limits, signal, loop));
    return unsubscribe;
  }
  stopListening = signal && listenToAbort(signal, () => end(() => abortErrorOf(limits, signal, loop)));
  addSubscriber(loop, subscriber);
  if (timeoutMs !== Number.POSITIVE_INFINITY) {
    stopTimer = clock.startTimer(subscriber.deadlineMs - clock.now(), onTimeout);
  }
  return unsubscribe;
}

function abortErrorOf<R, M>(limits: WaitLimits, signal: AbortSignal, loop: PollLoop<R, M>): CallError {
  const { operationName, pollsBefore } = limits;
  return abortError(signal, {
    method: Operations.method.getOperation,
    operationName,
    attempts: loop.polls - pollsBefore,
    requestSent: limits.requestSent || loop.polls > 0,
  });
}

/** The error of a wait whose time is up, with what the loop has seen. */
export function timeoutErrorOf<R, M>(limits: WaitLimits, loop: PollLoop<R, M>): WaitTimeoutError {
  const { operationName, timeoutMs, startMs, pollsBefore } = limits;
  return new WaitTimeoutError({
    operationName,
    snapshot: loop.known,
    timeoutMs,
    elapsedMs: loop.options.clock.now() - startMs,
    polls: loop.polls - pollsBefore,
    cause: loop.lastTransientError,
  });
}
