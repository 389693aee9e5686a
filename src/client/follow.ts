// SPDX-License-Identifier: Apache-2.0
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { CallError } from "../codec/call-error.js";
import { abortError } from "../interceptors/abort-error.js";
import type { Clock } from "../policy/clock.js";
import type { PollLoop } from "./poll-loop.js";
import type { Snapshot } from "./snapshot.js";
import { WaitTimeoutError } from "./wait-timeout-error.js";

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

/** What one follower is about. */
export interface FollowOptions<R, M> {
  readonly operationName: string;
  readonly signal: AbortSignal | undefined;
  /** The time there is, counted from `startMs`. */
  readonly timeoutMs: number;
  /** When what this is part of began. @default now */
  readonly startMs?: number | undefined;
  readonly clock: Clock;
  /** Told of every look that succeeds, until the follower is left. */
  onLook(snapshot: Snapshot<R, M>, changed: boolean): void;
  /** Told once why there will be no more looks: the caller's abort, the time, or a failure. */
  onEnd(error: CallError | WaitTimeoutError): void;
}

/**
 * Joins a loop with a signal and a time of one's own. The returned function leaves; it is called by itself before
 * `onEnd`. However it ends, the timer and the listener are gone by then.
 */
export function follow<R, M>(loop: PollLoop<R, M>, options: FollowOptions<R, M>): () => void {
  const { operationName, signal, timeoutMs, clock } = options;
  const { startMs = clock.now() } = options;
  const deadlineMs = startMs + timeoutMs;
  const looksBefore = loop.looks;
  let leaveLoop: (() => void) | undefined;
  const timer = timeoutMs === Number.POSITIVE_INFINITY ? undefined : new AbortController();
  const leave = () => {
    signal?.removeEventListener("abort", onAbort);
    timer?.abort();
    leaveLoop?.();
  };
  const end = (error: CallError | WaitTimeoutError) => {
    leave();
    options.onEnd(error);
  };
  const looks = () => loop.looks - looksBefore;
  const onAbort = () => {
    if (signal === undefined) return;
    end(abortError(signal, { method: Operations.method.getOperation, operationName, attempts: looks() }));
  };
  const onTimeout = () =>
    end(
      new WaitTimeoutError({
        operationName,
        snapshot: loop.known,
        timeoutMs,
        elapsedMs: clock.now() - startMs,
        looks: looks(),
        cause: loop.lastMiss,
      }),
    );

  if (signal?.aborted) {
    onAbort();
    return leave;
  }
  signal?.addEventListener("abort", onAbort, { once: true });
  if (timer !== undefined)
    clock.sleep(deadlineMs - clock.now(), timer.signal).then(onTimeout, () => undefined);
  leaveLoop = loop.join({ deadlineMs, onLook: options.onLook, onFailure: end });
  return leave;
}
