// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { type CallError, toCallError } from "../errors/call-error.js";
import { checkFunction } from "../errors/options.js";
import { callGuarded } from "../observer/topic.js";
import { abortError } from "../retry/attempts.js";
import { listenToAbort } from "../time/abort.js";
import { sleep } from "../time/clock.js";
import { addCallerFrames } from "./caller-frames.js";
import { HANDLE_CHECKS, type HandleContext } from "./operation-loop.js";
import { type Checks, checkBoolean, checkOptions, checkSignal, checkText } from "./option-checks.js";
import { type EventSettings, emitPoll, emitState } from "./polling/emit-poll.js";
import { createKnownOperations, type OnState, type OperationChange } from "./polling/known-operations.js";
import {
  errorKind,
  listOf,
  type ParentWatch,
  pollParent,
  type WatchOperationsOptions,
} from "./polling/poll-parent.js";
import { resolvePolling } from "./polling/polling-options.js";
import { afterError, afterSuccess, IMMEDIATE, nextPollMs } from "./polling/schedule.js";

/** The changes of a parent's operations. Polling begins with the first `next()`, and stops at once when the reader leaves. */
export function watchOperations<R extends DescMessage, M extends DescMessage>(
  context: HandleContext,
  options: WatchOperationsOptions<R, M>,
): AsyncIterableIterator<OperationChange<MessageShape<R>, MessageShape<M>>> {
  checkOptions("watchOperations", options, {
    ...HANDLE_CHECKS,
    name: true,
    filter: checkText,
    pageSize: true,
    returnPartialSuccess: checkBoolean,
    signal: checkSignal,
    onTransientError: checkFunction,
  } satisfies Checks<WatchOperationsOptions<DescMessage, DescMessage>>);
  const { settings, findRegistry } = context;
  const { topics, clock } = settings;
  const events: EventSettings = { topics, clock, operationName: options.name ?? "", handle: {} };
  const onState: OnState = (operationName, before, now) =>
    emitState({ options: { ...events, operationName } }, before, now);
  const stopped = new AbortController();
  const watch: ParentWatch<MessageShape<R>, MessageShape<M>> = {
    options,
    policy: resolvePolling(options.polling ?? {}, "watchOperations: polling", settings.polling),
    known: createKnownOperations(options, findRegistry(options), onState),
    signal: stopped.signal,
    onTransientError: (error) =>
      callGuarded(
        () => options.onTransientError?.(error),
        (thrown) => stopped.abort(thrown instanceof Error ? thrown : toCallError(thrown)),
      ),
    isReached: false,
    earliestMs: 0,
  };
  listOf(context, watch, () => undefined); // An option that cannot be used is rejected now; nothing is sent.
  const changes = changesOf(context, watch, stopped, events);
  let isLeft = false;
  return {
    next: async () => {
      try {
        return await changes.next();
      } catch (error) {
        if (isLeft) return { done: true, value: undefined };
        throw addCallerFrames(error);
      }
    },
    return: async () => {
      isLeft = true;
      stopped.abort();
      await changes.return(undefined).catch(() => undefined); // The reader has left: an error is of no interest.
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Polls again and again, until the reader leaves. */
async function* changesOf<R, M>(
  context: HandleContext,
  watch: ParentWatch<R, M>,
  stopped: AbortController,
  events: EventSettings,
): AsyncGenerator<OperationChange<R, M>, undefined> {
  const { clock, random } = context.settings;
  const { policy, options } = watch;
  const { signal } = options;
  const pace = { backoff: policy, random };
  const onAbort = () => stopped.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  const stopListening = signal && listenToAbort(signal, onAbort);
  let schedule = IMMEDIATE;
  let serverErrors = 0;
  let polls = 0;
  try {
    for (;;) {
      stopped.signal.throwIfAborted();
      polls += 1;
      const startMs = clock.now();
      const emit = (goesOn: boolean, error?: CallError) =>
        emitPoll({ options: events, schedule }, { poll: polls, startMs, error, goesOn });
      try {
        yield* pollParent(context, watch);
        serverErrors = 0;
        schedule = afterSuccess(schedule, { fromMs: clock.now(), earliestMs: watch.earliestMs, ...pace });
        emit(true);
      } catch (thrown) {
        if (stopped.signal.aborted) throw thrown;
        const error = toCallError(thrown);
        const kind = errorKind(context, watch, error);
        serverErrors = kind === "server" ? serverErrors + 1 : 0;
        if (kind === "permanent" || serverErrors >= policy.maxServerErrors) {
          emit(false, error);
          throw error;
        }
        schedule = afterError(schedule, error, {
          fromMs: clock.now(),
          earliestMs: watch.earliestMs,
          ...pace,
        });
        emit(true, error);
        watch.onTransientError(error);
      }
      await sleep(clock, nextPollMs(schedule) - clock.now(), stopped.signal);
    }
  } catch (error) {
    // Stopped by what `onTransientError` threw: the call or pause under way says less.
    if (signal?.aborted !== true) throw stopped.signal.aborted ? stopped.signal.reason : error;
    const { listOperations } = Operations.method;
    throw abortError(signal, {
      method: listOperations,
      operationName: options.name || undefined,
      attempts: polls,
    });
  } finally {
    stopListening?.();
  }
}
