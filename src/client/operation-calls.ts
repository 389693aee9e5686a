// SPDX-License-Identifier: Apache-2.0
import type { DescMethod, MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code, type Transport } from "@connectrpc/connect";
import {
  type ListOperationsRequestSchema,
  type ListOperationsResponse,
  type Operation,
  Operations,
} from "../../gen/google/longrunning/operations_pb.js";
import { CallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";
import { type NameOptions, nameProblem } from "../names/operation-name.js";
import type { CallContext, Invoke } from "./call.js";
import type { OperationCallOptions } from "./call-options.js";
import { checkPolled } from "./operation-identity.js";

/** An operation as it was at one moment, with the headers that came with it. */
export interface PolledOperation {
  readonly operation: Operation;
  readonly header: Headers;
}

/** The five methods of google.longrunning.Operations, each with its name checked before anything is sent. */
export interface OperationCalls {
  cancel(name: string, options: OperationCallOptions, context?: CallContext): Promise<void>;
  get(name: string, options: OperationCallOptions, context?: CallContext): Promise<PolledOperation>;
  delete(name: string, options: OperationCallOptions): Promise<void>;
  /** The call's default timeout is the wait that the server is asked for and some seconds more. */
  wait(
    name: string,
    serverWaitMs: number | undefined,
    options: OperationCallOptions,
    context?: CallContext,
  ): Promise<PolledOperation>;
  list(
    request: MessageInitShape<typeof ListOperationsRequestSchema>,
    options: OperationCallOptions,
    context?: CallContext,
  ): Promise<ListOperationsResponse>;
}

/** Time that a server-side wait gets beyond the wait itself, for the way there and back, in milliseconds. */
const WAIT_MARGIN_MS = 10_000;

const { cancelOperation, getOperation, deleteOperation, waitOperation, listOperations } = Operations.method;

/** How the calls of one client are made. They are functions, so that a bundler leaves out those that a program does not make. */
export interface CallSettings {
  readonly invoke: Invoke;
  readonly names: NameOptions;
}

/** Names become URL paths over REST, where servers and proxies drop an empty segment. */
export function createCallSettings(invoke: Invoke, transport: Transport): CallSettings {
  const isRest = "describe" in transport;
  return { invoke, names: { allowEmptySegments: !isRest } };
}

/** Creates the calls of one client. */
export function createOperationCalls(settings: CallSettings): OperationCalls {
  return {
    cancel: (...call) => cancelByName(settings, ...call),
    get: (...call) => getByName(settings, ...call),
    delete: (...call) => deleteByName(settings, ...call),
    wait: (...call) => waitByName(settings, ...call),
    list: (...call) => listPage(settings, ...call),
  };
}

type Call<Name extends keyof OperationCalls> = (
  settings: CallSettings,
  ...call: Parameters<OperationCalls[Name]>
) => ReturnType<OperationCalls[Name]>;

export const cancelByName: Call<"cancel"> = async ({ invoke, names }, name, options, context) => {
  checkOperationName(cancelOperation, name, names);
  await invoke(cancelOperation, { name }, options, { ...context, operationName: name });
};

export const getByName: Call<"get"> = async ({ invoke, names }, name, options, context) => {
  checkOperationName(getOperation, name, names);
  const response = await invoke(getOperation, { name }, options, { ...context, operationName: name });
  checkPolled(getOperation, name, response.message);
  return { operation: response.message, header: response.header };
};

export const deleteByName: Call<"delete"> = async ({ invoke, names }, name, options) => {
  checkOperationName(deleteOperation, name, names);
  await invoke(deleteOperation, { name }, options, { operationName: name });
};

export const waitByName: Call<"wait"> = async ({ invoke, names }, name, serverWaitMs, options, context) => {
  checkOperationName(waitOperation, name, names);
  // A Duration is made of whole milliseconds, and a clock counts in fractions.
  const waitMs = serverWaitMs === undefined ? undefined : Math.ceil(serverWaitMs);
  const timeout = waitMs === undefined ? undefined : durationFromMs(waitMs);
  const defaultTimeoutMs = waitMs === undefined ? undefined : waitMs + WAIT_MARGIN_MS;
  const response = await invoke(
    waitOperation,
    timeout === undefined ? { name } : { name, timeout },
    { ...options, timeoutMs: options.timeoutMs ?? defaultTimeoutMs },
    { ...context, operationName: name },
  );
  checkPolled(waitOperation, name, response.message);
  return { operation: response.message, header: response.header };
};

const listPage: Call<"list"> = async ({ invoke, names }, request, options, context) => {
  // The parent may be empty: some services bind List to a path without one.
  if (request.name !== undefined && request.name !== "")
    checkOperationName(listOperations, request.name, names);
  const operationName = request.name === "" ? undefined : request.name;
  const response = await invoke(listOperations, request, options, { ...context, operationName });
  return response.message;
};

/**
 * Rejects a name that could change which host, path or query is called, or that is no name at all. An empty segment
 * (`operations//1`) changes nothing over gRPC, and some servers give such names.
 */
export function checkOperationName(
  method: DescMethod,
  name: unknown,
  options: NameOptions = { allowEmptySegments: true },
): asserts name is string {
  const problem = nameProblem(name, options);
  if (problem === undefined) return;
  throw new CallError({
    code: Code.InvalidArgument,
    message: `nothing was sent: the operation's name ${problem}; expected segments separated by "/", as in "operations/123"`,
    method: selectorOf(method),
    operationName: typeof name === "string" ? name : undefined,
    requestSent: false,
  });
}
