// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Operation } from "../../gen/google/longrunning/operations_pb.js";
import { checkNumber } from "../errors/options.js";
import { NO_OPTIONS, type OperationCallOptions } from "./call-options.js";
import { addCallerFrames } from "./caller-frames.js";
import { cancelAndWait } from "./cancel/cancel-and-wait.js";
import type { ClientSettings } from "./client-options.js";
import type { OperationCalls } from "./operation-calls.js";
import type { HandleOptions, OperationHandle } from "./operation-handle.js";
import { toOperationJson } from "./operation-json.js";
import type { FindRegistry } from "./operation-types.js";
import { createPoll, type ServerWait } from "./polling/poll.js";
import { beginPoll, createPollLoop, pollNow, recordSnapshot } from "./polling/poll-loop.js";
import { resolvePolling } from "./polling/polling-options.js";
import type { WaitLimits, WaitOptions } from "./polling/subscribe.js";
import { waitForOutcome } from "./polling/wait.js";
import { watchChanges } from "./polling/watch.js";
import { checkNamed, responseOf } from "./response-of.js";
import { isOutcome, snapshotOf } from "./snapshot.js";

/** What a client lends its handles. */
export interface HandleContext {
  readonly calls: OperationCalls;
  readonly settings: ClientSettings;
  readonly findRegistry: FindRegistry;
  readonly serverWait: ServerWait;
}

/** What is known of an operation when its handle is made. */
export interface KnownOperation {
  /** The last that was seen; undefined for one that was saved before its first poll. */
  readonly operation: Operation | undefined;
  /** It was seen just now. */
  readonly fresh: boolean;
}

/**
 * Creates a handle. The name has been checked, or is empty because the server gave none.
 *
 * @param known - what a server has vouched for; without it, nothing is known of the operation
 */
export function createHandle<R extends DescMessage, M extends DescMessage>(
  context: HandleContext,
  name: string,
  options: HandleOptions<R, M>,
  known?: KnownOperation,
): OperationHandle<MessageShape<R>, MessageShape<M>> {
  const { calls, settings } = context;
  const polling =
    options.polling === undefined
      ? settings.polling
      : resolvePolling(options.polling, "operation: polling", settings.polling);
  const registry = context.findRegistry(options);
  const serverWait = polling.useServerWait ? context.serverWait : undefined;
  const seen = known?.operation && snapshotOf(known.operation, options, name);
  const loop = createPollLoop(
    {
      poll: createPoll({ calls, name, types: options, registry, serverWait }),
      policy: polling,
      clock: settings.clock,
      random: settings.random,
      registry,
    },
    seen,
    known !== undefined,
  );
  if (seen !== undefined && known?.fresh === true) recordSnapshot(loop, seen, loop.polls);

  const limitsOf = ({ signal, timeoutMs = polling.timeoutMs, onTransientError }: WaitOptions): WaitLimits => {
    checkNamed(name, loop.known);
    checkNumber("timeoutMs", timeoutMs, { min: 0, max: Number.POSITIVE_INFINITY });
    return {
      operationName: name,
      signal,
      timeoutMs,
      onTransientError,
      startMs: settings.clock.now(),
      pollsBefore: loop.polls,
      requestSent: false,
    };
  };
  const pollOnce = async (callOptions: OperationCallOptions, atMostMs?: number) => {
    const poll = beginPoll(loop);
    const { operation } = await calls.get(name, callOptions, { registry, atMostMs });
    return recordSnapshot(loop, snapshotOf(operation, options, name), poll);
  };
  const cancelOnce = async (callOptions: OperationCallOptions, atMostMs?: number) => {
    await calls.cancel(name, callOptions, { atMostMs });
    pollNow(loop);
  };
  const wait = async (waitOptions: WaitOptions = {}) => {
    try {
      return await waitForOutcome(loop, limitsOf(waitOptions));
    } catch (error) {
      throw addCallerFrames(error);
    }
  };

  return {
    name,
    poll: async (callOptions = NO_OPTIONS) => {
      checkNamed(name, loop.known);
      return loop.known !== undefined && isOutcome(loop.known) ? loop.known : pollOnce(callOptions);
    },
    watch: (waitOptions = {}) => {
      limitsOf(waitOptions); // What cannot be watched is refused now, and the time counts from the first next().
      return watchChanges(loop, () => limitsOf(waitOptions));
    },
    wait,
    result: async (waitOptions) => responseOf(await wait(waitOptions), registry),
    cancel: async (callOptions = NO_OPTIONS) => await cancelOnce(callOptions),
    cancelAndWait: async (cancelOptions = {}) => {
      const operation = {
        loop,
        cancel: (signal: AbortSignal | undefined, atMostMs: number) => cancelOnce({ signal }, atMostMs),
        poll: (signal: AbortSignal | undefined, atMostMs: number) => pollOnce({ signal }, atMostMs),
      };
      try {
        return await cancelAndWait(operation, limitsOf(cancelOptions), cancelOptions);
      } catch (error) {
        throw addCallerFrames(error);
      }
    },
    delete: async (callOptions = NO_OPTIONS) => await calls.delete(name, callOptions),
    toJSON: () => toOperationJson({ name, operation: loop.known?.operation }),
    [Symbol.asyncIterator]() {
      return this.watch();
    },
  };
}
