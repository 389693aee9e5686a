// SPDX-License-Identifier: Apache-2.0
import {
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  getOption,
  hasOption,
  type MessageInitShape,
  type MessageShape,
  type Registry,
} from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import {
  type Operation,
  OperationSchema,
  operation_info,
} from "../../gen/google/longrunning/operations_pb.js";
import { invalidOption } from "../errors/options.js";
import { registryFor } from "../json/registry.js";
import { selectorOf } from "../names/method-name.js";
import { findMessage } from "../names/type-name.js";
import type { Caller } from "./call.js";
import { CALL_OPTION_KEYS, checkOptions, type OperationCallOptions } from "./call-options.js";
import { createHandle, type HandleContext, type HandleOptions, type OperationHandle } from "./handle.js";
import type { OperationTypes } from "./operation-types.js";

/** A generated unary method that answers with an operation. */
export type StartMethod<I extends DescMessage> = DescMethodUnary<I, GenMessage<Operation>>;

/** Options of `startOperation`: those of the handle, and those of the call that starts the operation. */
export interface StartOptions<R extends DescMessage, M extends DescMessage>
  extends HandleOptions<R, M>,
    OperationCallOptions {
  /**
   * The request may safely be sent twice, because it carries a request id, for example: then it is retried like the
   * others. @default false, unless the method's `idempotency_level` or the retry options say so
   */
  readonly idempotent?: boolean | undefined;
}

const OPTION_KEYS = {
  ...CALL_OPTION_KEYS,
  response: true,
  metadata: true,
  polling: true,
  idempotent: true,
} as const satisfies Record<keyof StartOptions<DescMessage, DescMessage>, true>;

/**
 * Calls a method that starts an operation, and returns its handle. One that is done at once needs no poll. Types that are
 * not given are those of the method's `operation_info`, where the method's file, its imports or the client's registry
 * have them.
 */
export async function startOperation<I extends DescMessage, R extends DescMessage, M extends DescMessage>(
  context: HandleContext & { readonly call: Caller },
  method: StartMethod<I>,
  request: MessageInitShape<I>,
  options: StartOptions<R, M>,
): Promise<OperationHandle<MessageShape<R>, MessageShape<M>>> {
  checkOptions("startOperation", options, OPTION_KEYS);
  if (method.output.typeName !== OperationSchema.typeName) {
    throw invalidOption(
      `startOperation: ${selectorOf(method)} answers with ${method.output.typeName}, not with an operation`,
    );
  }
  const { settings, findRegistry, call } = context;
  const registry = registryFor(method, settings.registry);
  const types = { ...operationTypesOf<R, M>(method, registry), ...given(options) };
  const { message: operation } = await call(method, request, options, {
    registry: findRegistry(types) ?? settings.registry,
    idempotent: options.idempotent,
    defaultTimeoutMs: settings.startTimeoutMs,
  });
  return createHandle(
    context,
    operation.name,
    { ...types, polling: options.polling },
    { operation, fresh: true },
  );
}

/** The types that the options name; those left undefined do not hide what the method says. */
function given<R extends DescMessage, M extends DescMessage>({ response, metadata }: StartOptions<R, M>) {
  return { ...(response && { response }), ...(metadata && { metadata }) };
}

/**
 * The types that a method's `google.longrunning.operation_info` names, where the registry has them. A short name is
 * looked for in the package of the method's file and in those around it, like every name in a proto file.
 *
 * The type parameters are the caller's: what a registry holds is known at run time only.
 */
export function operationTypesOf<R extends DescMessage, M extends DescMessage>(
  method: DescMethod,
  registry: Registry,
): OperationTypes<R, M> {
  if (!hasOption(method, operation_info)) return {};
  const { responseType, metadataType } = getOption(method, operation_info);
  const { package: scope } = method.parent.file.proto;
  return {
    response: findMessage(responseType, scope, registry) as R | undefined,
    metadata: findMessage(metadataType, scope, registry) as M | undefined,
  };
}
