// SPDX-License-Identifier: Apache-2.0
import type { DescMessage } from "@bufbuild/protobuf";
import { type CallError, toCallError } from "../../errors/call-error.js";
import { retryDelayOf, retryDelayOfHeaders } from "../../retry/retry-delay.js";
import { concurrently } from "../concurrently.js";
import { createOperationList, type ListOperationsOptions } from "../operation-list.js";
import type { HandleContext, HandleOptions } from "../operation-loop.js";
import type { KnownOperations, OperationChange } from "./known-operations.js";
import { hasResponse, pollErrorKind } from "./poll-error.js";
import type { PollingPolicy } from "./polling-options.js";
import type { WaitOptions } from "./wait-limits.js";

/** Options of `watchOperations`: which operations, as for `listOperations`; their types; and how they are polled. */
export interface WatchOperationsOptions<R extends DescMessage, M extends DescMessage>
  extends Pick<ListOperationsOptions, "name" | "filter" | "pageSize" | "returnPartialSuccess">,
    HandleOptions<R, M>,
    Omit<WaitOptions, "timeoutMs"> {}

/** Calls of GetOperation at one time, for operations that a List does not show. */
const GET_CONCURRENCY = 16;

/** The state of one watch. */
export interface ParentWatch<R, M> {
  readonly options: WatchOperationsOptions<DescMessage, DescMessage>;
  readonly policy: PollingPolicy;
  readonly known: KnownOperations<R, M>;
  /** Aborts when the reader leaves, or with the caller's signal. */
  readonly signal: AbortSignal;
  /** Calls the option of that name; what it throws or rejects with stops the watch. */
  onTransientError(error: CallError): void;
  /** A server has been reached. */
  isReached: boolean;
  /** Before when the server does not want the next poll. */
  earliestMs: number;
}

/** One poll of the parent: a List, page by page, then a Get for each running operation that the List did not show. */
export async function* pollParent<R, M>(
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
    if (errorKind(context, watch, error) !== "permanent") watch.onTransientError(error);
    else {
      known.forget(name);
      yield { kind: "lost", name, error };
    }
  }
}

export function listOf<R, M>(
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
export function errorKind<R, M>({ settings }: HandleContext, watch: ParentWatch<R, M>, error: CallError) {
  const { clock } = settings;
  const { transientCodes, maxRetryDelayMs } = watch.policy;
  const kind = pollErrorKind(error, { transientCodes, isReached: watch.isReached });
  watch.isReached ||= hasResponse(error);
  watch.earliestMs = Math.max(
    watch.earliestMs,
    clock.now() + retryDelayOf(error, { clock, maxMs: maxRetryDelayMs }),
  );
  return kind;
}
