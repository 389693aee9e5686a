// SPDX-License-Identifier: Apache-2.0
import type { DescMessage } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { checkNumber, rejectUnknownKeys } from "../errors/options.js";
import { cancelOperations, resolveBulkOptions } from "./bulk/cancel-operations.js";
import { nameSourceOf, type OperationNames } from "./bulk/name-source.js";
import { resolveBulkWait, waitOperations } from "./bulk/wait-operations.js";
import { createCaller } from "./call.js";
import { CALL_OPTION_KEYS, checkCallOptions, checkOptions, NO_OPTIONS } from "./call-options.js";
import { type OperationsClientOptions, resolveClientOptions } from "./client-options.js";
import { createHandle } from "./handle.js";
import { checkOperationName, createOperationCalls } from "./operation-calls.js";
import type { HandleOptions } from "./operation-handle.js";
import { fromOperationJson } from "./operation-json.js";
import { createOperationList } from "./operation-list.js";
import { createFindRegistry } from "./operation-types.js";
import type { OperationsClient, WaitOperationOptions } from "./operations-client.js";
import { startOperation } from "./start-operation.js";

/** The longest google.protobuf.Duration, in milliseconds. */
const MAX_SERVER_WAIT_MS = 315_576_000_000_000;
const WAIT_OPERATION_KEYS = { ...CALL_OPTION_KEYS, serverWaitMs: true } as const satisfies Record<
  keyof WaitOperationOptions,
  true
>;
const HANDLE_OPTION_KEYS = { response: true, metadata: true, polling: true } as const satisfies Record<
  keyof HandleOptions<DescMessage, DescMessage>,
  true
>;

/**
 * Creates a client for the operations of one API.
 *
 * @throws TypeError for an option that is unknown or cannot be used.
 */
export function createOperationsClient(options: OperationsClientOptions): OperationsClient {
  const settings = resolveClientOptions(options);
  const call = createCaller(settings);
  const calls = createOperationCalls(call, "describe" in settings.transport);
  const findRegistry = createFindRegistry(settings.registry);
  const context = { call, calls, settings, findRegistry, serverWait: { missing: false } };

  const namesOf = (owner: string, names: OperationNames, signal: AbortSignal | undefined) =>
    nameSourceOf(owner, names, (list) =>
      client.listOperations(signal === undefined ? list : { signal, ...list }),
    );
  const client: OperationsClient = {
    cancelOperation: async (name, callOptions = NO_OPTIONS) => {
      checkCallOptions("cancelOperation", callOptions);
      await calls.cancel(name, callOptions);
    },
    getOperation: async (name, callOptions = NO_OPTIONS) => {
      checkCallOptions("getOperation", callOptions);
      return (await calls.get(name, callOptions)).operation;
    },
    deleteOperation: async (name, callOptions = NO_OPTIONS) => {
      checkCallOptions("deleteOperation", callOptions);
      await calls.delete(name, callOptions);
    },
    waitOperation: async (name, waitOptions = NO_OPTIONS) => {
      checkOptions("waitOperation", waitOptions, WAIT_OPERATION_KEYS);
      const { serverWaitMs, ...callOptions }: WaitOperationOptions = waitOptions;
      if (serverWaitMs !== undefined)
        checkNumber("waitOperation: serverWaitMs", serverWaitMs, { min: 0, max: MAX_SERVER_WAIT_MS });
      return (await calls.wait(name, serverWaitMs, callOptions)).operation;
    },
    listOperations: (list = {}) => createOperationList({ calls, ...settings }, list),
    cancelAndWait: async (name, { response, metadata, polling, ...cancelOptions } = {}) =>
      await client.operation(name, { response, metadata, polling }).cancelAndWait(cancelOptions),
    cancelOperations: (names, bulkOptions = {}) => {
      const bulk = resolveBulkOptions(bulkOptions);
      return cancelOperations(context, namesOf("cancelOperations", names, bulk.signal), bulk);
    },
    waitOperations: (names, waitOptions = {}) => {
      const bulk = resolveBulkWait(waitOptions);
      return waitOperations(context, namesOf("waitOperations", names, bulk.signal), bulk);
    },
    startOperation: (method, request, startOptions = {}) =>
      startOperation(context, method, request, startOptions),
    operation: (name, handleOptions = {}) => {
      rejectUnknownKeys("operation", handleOptions, HANDLE_OPTION_KEYS);
      checkOperationName(Operations.method.getOperation, name);
      return createHandle(context, name, handleOptions);
    },
    fromJSON: (json, handleOptions = {}) => {
      rejectUnknownKeys("fromJSON", handleOptions, HANDLE_OPTION_KEYS);
      const { name, operation } = fromOperationJson(json);
      return createHandle(context, name, handleOptions, { operation, fresh: false });
    },
    raw: createClient(Operations, settings.transport),
  };
  return client;
}
