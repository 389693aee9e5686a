// SPDX-License-Identifier: Apache-2.0
// The methods of a client as functions of what they share: a bundler leaves out those that a program does not call, which it
// cannot do with the methods of an object.
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { type Operation, Operations } from "../../gen/google/longrunning/operations_pb.js";
import { checkObject } from "../errors/options.js";
import { MAX_DURATION_SECONDS } from "../json/time-json.js";
import {
  type CancelOperationsOptions,
  type CancelReport,
  cancelOperations as cancelEach,
  resolveBulkOptions,
} from "./bulk/cancel-operations.js";
import { nameSourceOf, type OperationNames } from "./bulk/name-source.js";
import {
  resolveBulkWait,
  type WaitOperationsOptions,
  type WaitReport,
  waitOperations as waitForEach,
} from "./bulk/wait-operations.js";
import {
  CALL_CHECKS,
  NO_OPTIONS,
  type OperationCallOptions,
  type WaitOperationOptions,
} from "./call-options.js";
import type { CancelAndWaitOptions } from "./cancel-and-wait.js";
import { createHandle, type OperationHandle } from "./handle.js";
import {
  type CallSettings,
  cancelByName,
  checkOperationName,
  deleteByName,
  getByName,
  waitByName,
} from "./operation-calls.js";
import { createOperationList, type ListOperationsOptions, type OperationList } from "./operation-list.js";
import { HANDLE_CHECKS, type HandleContext, type HandleOptions } from "./operation-loop.js";
import { type Checks, checkOptions } from "./option-checks.js";
import type { Outcome } from "./snapshot.js";

const MAX_SERVER_WAIT_MS = MAX_DURATION_SECONDS * 1_000;

/** `cancelOperation` of a client. */
export async function cancelOperation(
  settings: CallSettings,
  name: string,
  options: OperationCallOptions = NO_OPTIONS,
): Promise<void> {
  if (options !== NO_OPTIONS) checkOptions("cancelOperation", options, CALL_CHECKS);
  await cancelByName(settings, name, options);
}

/** `getOperation` of a client. */
export async function getOperation(
  settings: CallSettings,
  name: string,
  options: OperationCallOptions = NO_OPTIONS,
): Promise<Operation> {
  if (options !== NO_OPTIONS) checkOptions("getOperation", options, CALL_CHECKS);
  return (await getByName(settings, name, options)).operation;
}

/** `deleteOperation` of a client. */
export async function deleteOperation(
  settings: CallSettings,
  name: string,
  options: OperationCallOptions = NO_OPTIONS,
): Promise<void> {
  if (options !== NO_OPTIONS) checkOptions("deleteOperation", options, CALL_CHECKS);
  await deleteByName(settings, name, options);
}

/** `waitOperation` of a client. */
export async function waitOperation(
  settings: CallSettings,
  name: string,
  options: WaitOperationOptions = NO_OPTIONS,
): Promise<Operation> {
  checkOptions("waitOperation", options, {
    ...CALL_CHECKS,
    serverWaitMs: { min: 0, max: MAX_SERVER_WAIT_MS },
  } satisfies Checks<WaitOperationOptions>);
  const { serverWaitMs, ...callOptions } = options;
  return (await waitByName(settings, name, serverWaitMs, callOptions)).operation;
}

/** `listOperations` of a client. */
export function listOperations(
  { calls, settings }: HandleContext,
  options: ListOperationsOptions = {},
): OperationList {
  return createOperationList({ calls, ...settings }, options);
}

/** `operation` of a client. */
export function operation<R extends DescMessage, M extends DescMessage>(
  context: HandleContext,
  name: string,
  options: HandleOptions<R, M> = {},
  owner = "operation",
): OperationHandle<MessageShape<R>, MessageShape<M>> {
  checkOptions(owner, options, HANDLE_CHECKS);
  checkOperationName(Operations.method.getOperation, name);
  return createHandle(context, name, options);
}

/** `cancelAndWait` of a client. */
export async function cancelAndWait<R extends DescMessage, M extends DescMessage>(
  context: HandleContext,
  name: string,
  options: CancelAndWaitOptions & HandleOptions<R, M> = {},
): Promise<Outcome<MessageShape<R>, MessageShape<M>>> {
  checkObject("cancelAndWait: options", options);
  const { response, metadata, polling, ...cancelOptions } = options;
  return await operation(context, name, { response, metadata, polling }).cancelAndWait(cancelOptions);
}

/** `cancelOperations` of a client. */
export function cancelOperations(
  context: HandleContext,
  names: OperationNames,
  options: CancelOperationsOptions = {},
): AsyncIterable<CancelReport> {
  const bulk = resolveBulkOptions(options);
  return cancelEach(context, namesOf(context, "cancelOperations", names, bulk.signal), bulk);
}

/** `waitOperations` of a client. */
export function waitOperations(
  context: HandleContext,
  names: OperationNames,
  options: WaitOperationsOptions = {},
): AsyncIterable<WaitReport> {
  const bulk = resolveBulkWait(options);
  return waitForEach(context, namesOf(context, "waitOperations", names, bulk.signal), bulk);
}

function namesOf(
  context: HandleContext,
  owner: string,
  names: OperationNames,
  signal: AbortSignal | undefined,
) {
  return nameSourceOf(owner, names, (list) =>
    listOperations(context, signal === undefined ? list : { signal, ...list }),
  );
}
