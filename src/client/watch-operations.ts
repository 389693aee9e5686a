// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { type CallError, toCallError } from "../errors/call-error.js";
import { abortError } from "../retry/attempts.js";
import { retryDelayOf, retryDelayOfHeaders } from "../retry/retry-delay.js";
import { listenToAbort } from "../time/abort.js";
import { sleep } from "../time/clock.js";
import { concurrently } from "./bulk/concurrently.js";
import { checkOptions } from "./call-options.js";
import { addCallerFrames } from "./caller-frames.js";
import type { HandleContext, HandleOptions } from "./handle.js";
import { createOperationList, type ListOperationsOptions } from "./operation-list.js";
import {
  createKnownOperations,
  type KnownOperations,
  type OperationChange,
} from "./polling/known-operations.js";
import { isNotSent, pollErrorKind } from "./polling/poll-error.js";
import { type PollingPolicy, resolvePolling } from "./polling/polling-options.js";
import { afterError, afterSuccess, IMMEDIATE, nextPollMs } from "./polling/schedule.js";
import type { WaitOptions } from "./polling/subscribe.js";

/** Options of `watchOperations`: which operations, as for `listOperations`; their types; and how they are polled. */
export interface WatchOperationsOptions<R extends DescMessage, M extends DescMessage>
  extends Pick<ListOperationsOptions, "name" | "filter" | "pageSize" | "returnPartialSuccess">,
    HandleOptions<R, M>,
    Omit<WaitOptions, "timeoutMs"> {}

const OPTION_KEYS = {
  name: true,
  filter: true,
  pageSize: true,
  returnPartialSuccess: true,
  response: true,
  metadata: true,
  polling: true,
  signal: true,
  onTransientError: true,
} as const satisfies Record<keyof WatchOperationsOptions<DescMessage, DescMessage>, true>;

/** Calls of GetOperation at one time, for operations that a List does not show. */
const GET_CONCURRENCY = 16;

/** The changes of a parent's operations. Polling begins with the first `next()`, and stops at once when the reader leaves. */
export function watchOperations<R extends DescMessage, M extends DescMessage>(
  context: HandleContext,
  options: WatchOperationsOptions<R, M>,
): AsyncIterableIterator<OperationChange<MessageShape<R>, MessageShape<M>>> {
  checkOptions("watchOperations", options, OPTION_KEYS);
  const { settings, findRegistry } = context;
  const stopped = new AbortController();
  const watch: ParentWatch<MessageShape<R>, MessageShape<M>> = {
    options,
    policy: resolvePolling(options.polling ?? {}, "watchOperations: polling", settings.polling),
    known: createKnownOperations(options, findRegistry(options)),
    signal: stopped.signal,
    isReached: false,
    earliestMs: 0,
  };
  listOf(context, watch, () => undefined); // An option that cannot be used is rejected now; nothing is sent.
  const changes = changesOf(context, watch, stopped);
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

/** The state of one watch. */
interface ParentWatch<R, M> {
  readonly options: WatchOperationsOptions<DescMessage, DescMessage>;
  readonly policy: PollingPolicy;
  readonly known: KnownOperations<R, M>;
  /** Aborts when the reader leaves, or with the caller's signal. */
  readonly signal: AbortSignal;
  /** A server has been reached. */
  isReached: boolean;
  /** Before when the server does not want the next poll. */
  earliestMs: number;
}

/** Polls again and again, until the reader leaves. */
async function* changesOf<R, M>(
  context: HandleContext,
  watch: ParentWatch<R, M>,
  stopped: AbortController,
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
      try {
        yield* pollParent(context, watch);
        serverErrors = 0;
        schedule = afterSuccess(schedule, { fromMs: clock.now(), earliestMs: watch.earliestMs, ...pace });
      } catch (thrown) {
        if (stopped.signal.aborted) throw thrown;
        const error = toCallError(thrown);
        const kind = errorKind(context, watch, error);
        serverErrors = kind === "server" ? serverErrors + 1 : 0;
        if (kind === "permanent" || serverErrors >= policy.maxServerErrors) throw error;
        schedule = afterError(schedule, { fromMs: clock.now(), earliestMs: watch.earliestMs, ...pace });
        options.onTransientError?.(error);
      }
      await sleep(clock, nextPollMs(schedule) - clock.now(), stopped.signal);
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    const { listOperations } = Operations.method;
    throw abortError(signal, { method: listOperations, operationName: options.name, attempts: polls });
  } finally {
    stopListening?.();
  }
}

/** One poll of the parent: a List, page by page, then a Get for each running operation that the List did not show. */
async function* pollParent<R, M>(
  context: HandleContext,
  watch: ParentWatch<R, M>,
): AsyncGenerator<OperationChange<R, M>, void> {
  const { known, signal } = watch;
  const { budget } = context;
  const onHeader = (headers: Headers) => onResponse(context, watch, headers);
  known.beginList();
  const pages = listOf(context, watch, onHeader).pages()[Symbol.asyncIterator]();
  for (let hasNext = true; hasNext; ) {
    await budget?.enter(signal);
    const { value: page } = await pages.next();
    for (const operation of page?.operations ?? []) {
      const change = known.observe(operation);
      if (change !== undefined) yield change;
    }
    hasNext = (page?.nextPageToken ?? "") !== "";
  }
  const registry = context.findRegistry(watch.options);
  const get = async (name: string, ended: AbortSignal) => {
    try {
      await budget?.enter(ended);
      const { operation, header } = await context.calls.get(name, { signal: ended }, { registry });
      onHeader(header);
      return { change: known.observe(operation, name) };
    } catch (error) {
      return { name, error: toCallError(error) };
    }
  };
  const missing = known.endList();
  for await (const result of concurrently(missing.values(), {
    concurrency: GET_CONCURRENCY,
    signal,
    task: get,
  })) {
    signal.throwIfAborted();
    if (result.change !== undefined) yield result.change;
    if (result.error === undefined) continue;
    const { name, error } = result;
    if (errorKind(context, watch, error) !== "permanent") watch.options.onTransientError?.(error);
    else {
      known.forget(name);
      yield { kind: "lost", name, error };
    }
  }
}

function listOf<R, M>(
  { calls, settings, findRegistry }: HandleContext,
  { options, signal }: ParentWatch<R, M>,
  onHeader: (headers: Headers) => void,
) {
  const { name, filter, pageSize, returnPartialSuccess } = options;
  const { clock, random } = settings;
  const registry = findRegistry(options);
  const list = { name, filter, pageSize, returnPartialSuccess, signal, onHeader };
  return createOperationList({ calls, clock, random, registry }, list);
}

function onResponse<R, M>({ settings }: HandleContext, watch: ParentWatch<R, M>, headers: Headers): void {
  const { clock } = settings;
  watch.isReached = true;
  const delayMs = retryDelayOfHeaders(headers, { clock, maxMs: watch.policy.maxRetryDelayMs });
  watch.earliestMs = Math.max(watch.earliestMs, clock.now() + delayMs);
}

/** What an error means for the watch; the next poll waits as long as the server asks for. */
function errorKind<R, M>({ settings }: HandleContext, watch: ParentWatch<R, M>, error: CallError) {
  const { clock } = settings;
  const { transientCodes, maxRetryDelayMs } = watch.policy;
  const kind = pollErrorKind(error, { transientCodes, isReached: watch.isReached });
  watch.isReached ||= !isNotSent(error);
  watch.earliestMs = Math.max(
    watch.earliestMs,
    clock.now() + retryDelayOf(error, { clock, maxMs: maxRetryDelayMs }),
  );
  return kind;
}
