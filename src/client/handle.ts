// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Operation } from "../../gen/google/longrunning/operations_pb.js";
import { checkNumber } from "../errors/options.js";
import { NO_OPTIONS, type OperationCallOptions } from "./call-options.js";
import { cancelAndWait } from "./cancel/cancel-and-wait.js";
import type { ClientSettings } from "./client-options.js";
import type { OperationCalls } from "./operation-calls.js";
import type { HandleOptions, OperationHandle } from "./operation-handle.js";
import { toOperationJson } from "./operation-json.js";
import type { FindRegistry } from "./operation-types.js";
import { createLook, type ServerWait } from "./polling/poll.js";
import { createPollLoop, hurryLoop, learnSnapshot } from "./polling/poll-loop.js";
import { resolvePolling } from "./polling/polling-options.js";
import type { WaitOptions } from "./polling/subscribe.js";
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

/** What is known of an operation when its handle is made; `fresh` when it was seen just now. */
export interface KnownOperation {
  readonly operation: Operation;
  readonly fresh: boolean;
}

/** Creates a handle. The name has been checked, or is empty because the server gave none. */
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
  const seen = known === undefined ? undefined : snapshotOf(known.operation, options);
  const loop = createPollLoop(
    {
      look: createLook({ calls, name, types: options, registry, serverWait }),
      policy: polling,
      clock: settings.clock,
      random: settings.random,
      registry,
    },
    seen,
  );
  if (seen !== undefined && known?.fresh === true) learnSnapshot(loop, seen);

  const limitsOf = ({ signal, timeoutMs = polling.timeoutMs }: WaitOptions) => {
    checkNamed(name, loop.known);
    checkNumber("timeoutMs", timeoutMs, { min: 0, max: Number.POSITIVE_INFINITY });
    return { operationName: name, signal, timeoutMs, startMs: settings.clock.now() };
  };
  const lookOnce = async (callOptions: OperationCallOptions, atMostMs?: number) => {
    const { operation } = await calls.get(name, callOptions, { registry, atMostMs });
    const snapshot = snapshotOf(operation, options);
    learnSnapshot(loop, snapshot);
    return snapshot;
  };
  const cancelOnce = async (callOptions: OperationCallOptions, atMostMs?: number) => {
    await calls.cancel(name, callOptions, { atMostMs });
    hurryLoop(loop);
  };

  return {
    name,
    snapshot: async (callOptions = NO_OPTIONS) => {
      checkNamed(name, loop.known);
      return loop.known !== undefined && isOutcome(loop.known) ? loop.known : lookOnce(callOptions);
    },
    watch: (waitOptions = {}) => watchChanges(loop, limitsOf(waitOptions)),
    wait: async (waitOptions = {}) => waitForOutcome(loop, limitsOf(waitOptions)),
    result: async (waitOptions = {}) => responseOf(await waitForOutcome(loop, limitsOf(waitOptions))),
    cancel: async (callOptions = NO_OPTIONS) => cancelOnce(callOptions),
    cancelAndWait: async (cancelOptions = {}) => {
      const operation = {
        loop,
        cancel: (signal: AbortSignal | undefined, atMostMs: number) => cancelOnce({ signal }, atMostMs),
        look: (signal: AbortSignal | undefined, atMostMs: number) => lookOnce({ signal }, atMostMs),
      };
      return cancelAndWait(operation, limitsOf(cancelOptions), cancelOptions);
    },
    delete: async (callOptions = NO_OPTIONS) => calls.delete(name, callOptions),
    toJSON: () => toOperationJson({ name, operation: loop.known?.operation }),
  };
}
