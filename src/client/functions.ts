// SPDX-License-Identifier: Apache-2.0
// What a client with default options does, as functions of a transport, each of which is in a bundle by itself.
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { beginPublishedCall } from "#diagnostics-channels";
import type { Operation } from "../../gen/google/longrunning/operations_pb.js";
import { createTopics } from "../observer/observer.js";
import { systemRandom } from "../retry/backoff.js";
import type { FindPolicy } from "../retry/method-policy.js";
import { DEFAULT_RETRY } from "../retry/retry-policy.js";
import { systemClock } from "../time/clock.js";
import type { CancelOperationsOptions, CancelReport } from "./bulk/cancel-operations.js";
import type { OperationNames } from "./bulk/name-source.js";
import type { WaitOperationsOptions, WaitReport } from "./bulk/wait-operations.js";
import { createInvoke } from "./call.js";
import type { OperationCallOptions, WaitOperationOptions } from "./call-options.js";
import { CALL_TIMEOUT_MS, checkTransport, START_TIMEOUT_MS } from "./client-options.js";
import type { OperationHandle } from "./handle.js";
import * as methods from "./methods.js";
import { type CallSettings, createCallSettings } from "./operation-calls.js";
import type { ListOperationsOptions, OperationList } from "./operation-list.js";
import { createHandleContext, type HandleContext, type HandleOptions } from "./operation-loop.js";
import type { Untyped } from "./operation-types.js";
import type { OperationChange } from "./polling/known-operations.js";
import type { WatchOperationsOptions } from "./polling/poll-parent.js";
import { DEFAULT_POLLING } from "./polling/polling-options.js";
import { watchOperations as watch } from "./watch-operations.js";

/**
 * Requests cancellation, as `cancelOperation` of a client with default options does: five attempts while the server is
 * unavailable, within 10 seconds unless `timeoutMs` sets another time.
 *
 * @throws CallError when the call fails; TypeError for an option that cannot be used
 */
export async function cancelOperation(
  transport: Transport,
  name: string,
  options?: OperationCallOptions,
): Promise<void> {
  await methods.cancelOperation(callsOf("cancelOperation", transport), name, options);
}

/**
 * Polls an operation once, as `getOperation` of a client with default options does. `snapshotOf` reads its state.
 *
 * @throws CallError when the call fails; TypeError for an option that cannot be used
 */
export async function getOperation(
  transport: Transport,
  name: string,
  options?: OperationCallOptions,
): Promise<Operation> {
  return await methods.getOperation(callsOf("getOperation", transport), name, options);
}

/**
 * Deletes the operation's record on the server, as `deleteOperation` of a client with default options does. Does not cancel it.
 *
 * @throws CallError when the call fails; TypeError for an option that cannot be used
 */
export async function deleteOperation(
  transport: Transport,
  name: string,
  options?: OperationCallOptions,
): Promise<void> {
  await methods.deleteOperation(callsOf("deleteOperation", transport), name, options);
}

/**
 * Waits on the server, as `waitOperation` of a client with default options does. Few servers have this method.
 *
 * @throws CallError when the call fails; TypeError for an option that cannot be used
 */
export async function waitOperation(
  transport: Transport,
  name: string,
  options?: WaitOperationOptions,
): Promise<Operation> {
  return await methods.waitOperation(callsOf("waitOperation", transport), name, options);
}

/**
 * The operations of a parent, page by page as they are read, as `listOperations` of a client with default options gives them.
 *
 * @throws TypeError for an option that cannot be used
 */
export function listOperations(transport: Transport, options?: ListOperationsOptions): OperationList {
  return methods.listOperations(contextOf("listOperations", transport), options);
}

/**
 * The handle of an operation whose name is known, as `operation` of a client with default options gives it: to poll, watch, wait
 * for or cancel it. Nothing is sent.
 *
 * @throws CallError for a name that cannot be sent; TypeError for an option that cannot be used
 */
export function createOperationHandle<R extends DescMessage = Untyped, M extends DescMessage = Untyped>(
  transport: Transport,
  name: string,
  options?: HandleOptions<R, M>,
): OperationHandle<MessageShape<R>, MessageShape<M>> {
  const owner = "createOperationHandle";
  return methods.operation(contextOf(owner, transport), name, options, owner);
}

/**
 * Requests cancellation of many, as `cancelOperations` of a client with default options does: a report for each name.
 *
 * @throws TypeError for an option that cannot be used
 */
export function cancelOperations(
  transport: Transport,
  names: OperationNames,
  options?: CancelOperationsOptions,
): AsyncIterable<CancelReport> {
  return methods.cancelOperations(contextOf("cancelOperations", transport), names, options);
}

/**
 * Waits for many, as `waitOperations` of a client with default options does: a report for each name, as it ends.
 *
 * @throws TypeError for an option that cannot be used
 */
export function waitOperations(
  transport: Transport,
  names: OperationNames,
  options?: WaitOperationsOptions,
): AsyncIterable<WaitReport> {
  return methods.waitOperations(contextOf("waitOperations", transport), names, options);
}

/**
 * Watches all operations of a parent, as `watchOperations` of a client with default options does.
 *
 * @throws CallError for an error that polling cannot mend; TypeError for an option that cannot be used
 */
export function watchOperations<R extends DescMessage = Untyped, M extends DescMessage = Untyped>(
  transport: Transport,
  options: WatchOperationsOptions<R, M> = {},
): AsyncIterableIterator<OperationChange<MessageShape<R>, MessageShape<M>>> {
  return watch(contextOf("watchOperations", transport), options);
}

/** All methods of Operations may be sent twice. */
const findPolicy: FindPolicy = () => ({ retry: DEFAULT_RETRY, timeoutMs: undefined });

const SETTINGS = {
  findPolicy,
  timeoutMs: CALL_TIMEOUT_MS,
  registry: undefined,
  beginCall: beginPublishedCall,
  clock: systemClock,
  random: systemRandom,
};

const calls = new WeakMap<Transport, CallSettings>();
const contexts = new WeakMap<Transport, HandleContext>();

function callsOf(owner: string, transport: Transport): CallSettings {
  checkTransport(owner, transport);
  const made = calls.get(transport);
  if (made !== undefined) return made;
  const settings = createCallSettings(createInvoke({ ...SETTINGS, transport }), transport);
  calls.set(transport, settings);
  return settings;
}

function contextOf(owner: string, transport: Transport): HandleContext {
  const own = callsOf(owner, transport);
  const made = contexts.get(transport);
  if (made !== undefined) return made;
  const settings = {
    ...SETTINGS,
    transport,
    polling: DEFAULT_POLLING,
    startTimeoutMs: START_TIMEOUT_MS,
    topics: createTopics(),
  };
  const context = createHandleContext(settings, own, undefined);
  contexts.set(transport, context);
  return context;
}
