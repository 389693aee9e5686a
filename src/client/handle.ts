// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Operation } from "../../gen/google/longrunning/operations_pb.js";
import { checkNumber } from "../errors/options.js";
import { checkCallOptions, checkOptions, NO_OPTIONS, type OperationCallOptions } from "./call-options.js";
import { addCallerFrames } from "./caller-frames.js";
import { CANCEL_AND_WAIT_KEYS, cancelAndWait, checkCancelChoices } from "./cancel/cancel-and-wait.js";
import type { ClientSettings } from "./client-options.js";
import type { OperationCalls } from "./operation-calls.js";
import type { HandleOptions, OperationHandle } from "./operation-handle.js";
import { toOperationJson } from "./operation-json.js";
import type { FindRegistry } from "./operation-types.js";
import { createPoll, type ServerWait } from "./polling/poll.js";
import { beginPoll, createPollLoop, pollNow, recordSnapshot } from "./polling/poll-loop.js";
import { resolvePolling } from "./polling/polling-options.js";
import { WAIT_OPTION_KEYS, type WaitLimits, type WaitOptions } from "./polling/subscribe.js";
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

  const limitsOf = (
    owner: string,
    waitOptions: WaitOptions,
    keys: Readonly<Record<string, true>> = WAIT_OPTION_KEYS,
  ): WaitLimits => {
    checkOptions(owner, waitOptions, keys);
    checkNamed(name, loop.known);
    const { signal, timeoutMs = polling.timeoutMs, onTransientError } = waitOptions;
    checkNumber(`${owner}: timeoutMs`, timeoutMs, { min: 0, max: Number.POSITIVE_INFINITY });
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
  const waitFor = async (owner: string, waitOptions: WaitOptions) => {
    try {
      return await waitForOutcome(loop, limitsOf(owner, waitOptions));
    } catch (error) {
      throw addCallerFrames(error);
    }
  };

  return {
    name,
    poll: async (callOptions = NO_OPTIONS) => {
      checkCallOptions("poll", callOptions);
      checkNamed(name, loop.known);
      return loop.known !== undefined && isOutcome(loop.known) ? loop.known : pollOnce(callOptions);
    },
    watch: (waitOptions = {}) => {
      limitsOf("watch", waitOptions); // What cannot be watched is rejected now, and the time counts from the first next().
      return watchChanges(loop, () => limitsOf("watch", waitOptions));
    },
    wait: (waitOptions = {}) => waitFor("wait", waitOptions),
    result: async (waitOptions = {}) => responseOf(await waitFor("result", waitOptions), registry),
    cancel: async (callOptions = NO_OPTIONS) => {
      checkCallOptions("cancel", callOptions);
      await cancelOnce(callOptions);
    },
    cancelAndWait: async (cancelOptions = {}) => {
      const operation = {
        loop,
        cancel: (signal: AbortSignal | undefined, atMostMs: number) => cancelOnce({ signal }, atMostMs),
        poll: (signal: AbortSignal | undefined, atMostMs: number) => pollOnce({ signal }, atMostMs),
      };
      try {
        const limits = limitsOf("cancelAndWait", cancelOptions, CANCEL_AND_WAIT_KEYS);
        checkCancelChoices("cancelAndWait", cancelOptions);
        return await cancelAndWait(operation, limits, cancelOptions);
      } catch (error) {
        throw addCallerFrames(error);
      }
    },
    delete: async (callOptions = NO_OPTIONS) => {
      checkCallOptions("delete", callOptions);
      await calls.delete(name, callOptions);
    },
    toJSON: () => toOperationJson({ name, operation: loop.known?.operation }),
    [Symbol.asyncIterator]() {
      return this.watch();
    },
  };
}
