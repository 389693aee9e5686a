// SPDX-License-Identifier: Apache-2.0
import type {
  DescMessage,
  DescMethod,
  DescMethodUnary,
  Message,
  MessageInitShape,
  MessageShape,
  Registry,
} from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import {
  type Operation,
  OperationInfoSchema,
  OperationSchema,
  operation_info,
} from "../../gen/google/longrunning/operations_pb.js";
import { invalidOption, invalidValue } from "../errors/options.js";
import { registryFor } from "../json/registry.js";
import { messageOption } from "../names/descriptor-option.js";
import { selectorOf } from "../names/method-name.js";
import { findMessage } from "../names/type-name.js";
import type { Invoke } from "./call.js";
import { CALL_CHECKS, type OperationCallOptions } from "./call-options.js";
import { createHandle, type OperationHandle } from "./handle.js";
import { HANDLE_CHECKS, type HandleContext, type HandleOptions } from "./operation-loop.js";
import type { OperationTypes } from "./operation-types.js";
import { type Checks, checkBoolean, checkOptions } from "./option-checks.js";
import { resolvePolling } from "./polling/polling-options.js";

/** A generated unary method that returns an operation. */
export type StartMethod<I extends DescMessage> = DescMethodUnary<I, GenMessage<Operation>>;

/** Options of `startOperation`: those of the handle, and those of the call that starts the operation. */
export interface StartOptions<R extends DescMessage, M extends DescMessage>
  extends HandleOptions<R, M>,
    OperationCallOptions {
  /**
   * The request may safely be sent twice, because it carries a request id, for example: then it is retried like the
   * others. @default false, unless the method's `idempotency_level` or the retry options make it so
   */
  readonly idempotent?: boolean | undefined;
}

/**
 * Calls a method that starts an operation, and returns its handle. An operation that is done at once needs no poll.
 *
 * The handle is typed by `response` and `metadata` of the options. What they leave out is read as the method's
 * `google.longrunning.operation_info` has it, where the method's file, its imports or the client's registry have that type,
 * and as a `google.protobuf.Any` otherwise: which of the two is known at run time only, so its type is `Message`.
 *
 * Sent once, unless the method's `idempotency_level`, the retry options or `idempotent` allow to send it again.
 *
 * @throws CallError when the call fails; TypeError for a method whose output is no operation, and for a wrong option
 */
export interface StartOperation {
  <I extends DescMessage, R extends DescMessage, M extends DescMessage>(
    method: StartMethod<I>,
    request: MessageInitShape<I>,
    options: StartOptions<R, M> & { readonly response: R; readonly metadata: M },
  ): Promise<OperationHandle<MessageShape<R>, MessageShape<M>>>;
  <I extends DescMessage, R extends DescMessage>(
    method: StartMethod<I>,
    request: MessageInitShape<I>,
    options: StartOptions<R, DescMessage> & { readonly response: R },
  ): Promise<OperationHandle<MessageShape<R>, Message>>;
  <I extends DescMessage, M extends DescMessage>(
    method: StartMethod<I>,
    request: MessageInitShape<I>,
    options: StartOptions<DescMessage, M> & { readonly metadata: M },
  ): Promise<OperationHandle<Message, MessageShape<M>>>;
  <I extends DescMessage>(
    method: StartMethod<I>,
    request: MessageInitShape<I>,
    options?: StartOptions<DescMessage, DescMessage>,
  ): Promise<OperationHandle<Message, Message>>;
}

/** Creates the {@link StartOperation} of one client. */
export function createStartOperation(context: HandleContext, invoke: Invoke): StartOperation {
  const { settings, findRegistry } = context;
  const start = async (
    method: StartMethod<DescMessage>,
    request: MessageInitShape<DescMessage>,
    options: StartOptions<DescMessage, DescMessage> = {},
  ) => {
    checkOptions("startOperation", options, {
      ...CALL_CHECKS,
      ...HANDLE_CHECKS,
      idempotent: checkBoolean,
    } satisfies Checks<StartOptions<DescMessage, DescMessage>>);
    checkStartMethod(method);
    const { response, metadata, polling, idempotent } = options;
    // Once it has started, it would be too late.
    resolvePolling(polling ?? {}, "startOperation: polling", settings.polling);
    const registry = registryFor(method, settings.registry);
    const types = withOperationInfo({ response, metadata }, method, registry);
    const { message: operation } = await invoke(method, request, options, {
      registry: findRegistry(types) ?? settings.registry,
      idempotent,
      defaultTimeoutMs: settings.startTimeoutMs,
    });
    return createHandle(context, operation.name, { ...types, polling }, { operation, fresh: true });
  };
  // The overloads type a handle by the schemas in the options, which are those that it reads messages with.
  return start as StartOperation;
}

function checkStartMethod(method: DescMethod): void {
  // A program without types may pass a service, or a client's function.
  if (method?.kind !== "rpc" || method.output === undefined)
    throw invalidValue(
      "startOperation: method",
      method,
      "a generated method, such as ReportService.method.runReport",
    );
  if (method.output.typeName === OperationSchema.typeName) return;
  throw invalidOption(
    `startOperation: method: invalid value (got ${selectorOf(method)}, which returns ${method.output.typeName}; ` +
      `expected one that returns ${OperationSchema.typeName})`,
  );
}

/** The types given, completed with those that the method's `operation_info` names, where the registry has them. */
function withOperationInfo(given: OperationTypes, method: DescMethod, registry: Registry): OperationTypes {
  const info = messageOption(method, operation_info.number, OperationInfoSchema);
  if (info === undefined) return given;
  const scope = method.parent.file.proto.package;
  return {
    response: given.response ?? findMessage(info.responseType, scope, registry),
    metadata: given.metadata ?? findMessage(info.metadataType, scope, registry),
  };
}
