// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Operation } from "../../gen/google/longrunning/operations_pb.js";
import type { ObservedHandle } from "../observer/events.js";
import type { ClientSettings } from "./client-options.js";
import { type CallSettings, createOperationCalls, type OperationCalls } from "./operation-calls.js";
import { createFindRegistry, type FindRegistry, type OperationTypes } from "./operation-types.js";
import { type Checks, checkSchema } from "./option-checks.js";
import { createPoll, type ServerWait } from "./polling/poll.js";
import type { PollBudget } from "./polling/poll-budget.js";
import { createPollLoop, type PollLoop } from "./polling/poll-loop.js";
import { type PollingOptions, resolvePolling } from "./polling/polling-options.js";
import { recordSnapshot } from "./polling/run-loop.js";
import { snapshotOf } from "./snapshot.js";

/** Options of `operation`. */
export interface HandleOptions<R extends DescMessage, M extends DescMessage> extends OperationTypes<R, M> {
  /** What differs from the client's polling for this operation. @default {} */
  readonly polling?: PollingOptions | undefined;
}

/** Their checks, to spread into those of larger options. */
export const HANDLE_CHECKS: Checks<HandleOptions<DescMessage, DescMessage>> = {
  response: checkSchema,
  metadata: checkSchema,
  polling: true,
};

/** What all handles of a client share. */
export interface HandleContext {
  readonly calls: OperationCalls;
  readonly settings: ClientSettings;
  readonly findRegistry: FindRegistry;
  readonly serverWait: ServerWait;
  /** What all polls share; undefined for a client without a bound on its polls. */
  readonly budget: PollBudget | undefined;
}

/** Creates what the handles of a client share. */
export function createHandleContext(
  settings: ClientSettings,
  calls: CallSettings,
  budget: PollBudget | undefined,
): HandleContext {
  return {
    calls: createOperationCalls(calls),
    settings,
    findRegistry: createFindRegistry(settings.registry),
    serverWait: { missing: false },
    budget,
  };
}

/** What a handle knows of its operation from the beginning. */
export interface KnownOperation {
  /** The last that was seen; undefined for one that was saved before its first poll. */
  readonly operation: Operation | undefined;
  /** The response of a call that this process has just made. */
  readonly fresh: boolean;
}

/** Creates the poll loop of one operation; nothing is sent. */
export function createOperationLoop<R extends DescMessage, M extends DescMessage>(
  context: HandleContext,
  name: string,
  options: HandleOptions<R, M>,
  known?: KnownOperation,
): PollLoop<MessageShape<R>, MessageShape<M>> {
  const { calls, settings, budget } = context;
  const { clock, random, topics } = settings;
  const handle: ObservedHandle = {};
  const policy =
    options.polling === undefined
      ? settings.polling
      : resolvePolling(options.polling, "operation: polling", settings.polling);
  const registry = context.findRegistry(options);
  const serverWait = policy.useServerWait ? context.serverWait : undefined;
  const poll = createPoll({ calls, name, types: options, registry, serverWait, budget, clock, handle });
  const seen = known?.operation && snapshotOf(known.operation, options, name);
  const loop = createPollLoop(
    { poll, policy, clock, random, registry, topics, operationName: name, handle },
    seen,
    known !== undefined,
  );
  if (seen !== undefined && known?.fresh === true) recordSnapshot(loop, seen, loop.polls);
  return loop;
}
