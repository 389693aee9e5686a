// SPDX-License-Identifier: Apache-2.0
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import type { CallError } from "../../errors/call-error.js";
import { abortError } from "../../retry/abort-error.js";
import { listenToAbort } from "../../time/abort.js";
import { startPause } from "../../time/pause.js";
import type { Snapshot } from "../snapshot.js";
import { WaitTimeoutError } from "../wait-timeout-error.js";
import { type Follower, joinLoop, leaveLoop, type PollLoop } from "./poll-loop.js";

/** Options of everything that waits. */
export interface WaitOptions {
  /**
   * Stops the looking: the wait rejects in the same turn with a `CallError` of the reason `aborted-by-caller`. Other
   * waiters on the same handle go on, and the operation is not touched.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long to look, in milliseconds; `Infinity` for no bound. Then the wait rejects with a `WaitTimeoutError`.
   * @default `polling.timeoutMs` of the handle or the client
   */
  readonly timeoutMs?: number | undefined;
}

/** What a follower of an operation is limited by. */
export interface FollowLimits {
  readonly operationName: string;
  readonly signal: AbortSignal | undefined;
  /** The time there is, counted from `startMs`. */
  readonly timeoutMs: number;
  /** When what this is part of began. */
  readonly startMs: number;
}

/** Who follows an operation. */
export interface FollowObserver<R, M> {
  /** Told of every look that succeeds, until the follower is left. */
  onLook(snapshot: Snapshot<R, M>, changed: boolean): void;
  /** Told once why there will be no more looks: the caller's abort, the time, or a failure. */
  onEnd(error: CallError | WaitTimeoutError): void;
}

/**
 * Joins a loop with a signal and a time of one's own. The returned function leaves; it is called by itself before
 * `onEnd`. However it ends, the timer and the listener are gone by then.
 */
export function follow<R, M>(
  loop: PollLoop<R, M>,
  limits: FollowLimits,
  observer: FollowObserver<R, M>,
): () => void {
  const { signal, timeoutMs, startMs } = limits;
  const { clock } = loop.options;
  const looksBefore = loop.looks;
  const follower: Follower<R, M> = {
    deadlineMs: startMs + timeoutMs,
    onLook: observer.onLook,
    onFailure: (error) => {
      leave();
      observer.onEnd(error);
    },
  };
  let stopListening: (() => void) | undefined;
  let stopTimer: (() => void) | undefined;
  const leave = () => {
    stopListening?.();
    stopTimer?.();
    leaveLoop(loop, follower);
  };
  const onAbort = () => {
    leave();
    if (signal !== undefined) observer.onEnd(abortOf(limits, signal, loop.looks - looksBefore));
  };

  if (signal?.aborted) {
    onAbort();
    return leave;
  }
  stopListening = signal && listenToAbort(signal, onAbort);
  if (timeoutMs !== Number.POSITIVE_INFINITY) {
    const onTimeout = () => {
      leave();
      observer.onEnd(timeoutOf(limits, loop, loop.looks - looksBefore));
    };
    stopTimer = startPause(clock, follower.deadlineMs - clock.now(), onTimeout);
  }
  joinLoop(loop, follower);
  return leave;
}

function abortOf({ operationName }: FollowLimits, signal: AbortSignal, attempts: number): CallError {
  return abortError(signal, { method: Operations.method.getOperation, operationName, attempts });
}

/** The error of a wait whose time is up, with what the loop has seen. */
export function timeoutOf<R, M>(limits: FollowLimits, loop: PollLoop<R, M>, looks: number): WaitTimeoutError {
  const { operationName, timeoutMs, startMs } = limits;
  return new WaitTimeoutError({
    operationName,
    snapshot: loop.known,
    timeoutMs,
    elapsedMs: loop.options.clock.now() - startMs,
    looks,
    cause: loop.lastMiss,
  });
}
