// SPDX-License-Identifier: Apache-2.0
import {
  clone,
  create,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { invalidOption } from "../errors/options.js";
import type { OperationMethodTypes } from "../names/service-operations.js";
import type { OperationsClient } from "./client.js";
import type { OperationHandle } from "./handle.js";
import type { HandleOptions } from "./operation-loop.js";
import type { StartMethod, StartOptions } from "./start-operation.js";

// For generated code, which imports all of these from one place.
export type { OperationMethodTypes, ServiceOperations } from "../names/service-operations.js";
export type { OperationsClient } from "./client.js";

/** Options of a method that starts an operation: those of `startOperation`, whose types are known already. */
export type OperationMethodOptions<R extends DescMessage, M extends DescMessage> = Omit<
  StartOptions<R, M>,
  "response" | "metadata"
> & {
  /**
   * Fills in the request's id (a field with `google.api.field_info` UUID4, AIP-155) when it is empty, which makes the
   * call safe to retry. @default true, for a method whose request has such a field
   */
  readonly requestId?: boolean | undefined;
};

/** A method that starts an operation, with the types of its request, response and metadata. */
export interface OperationMethod<I extends DescMessage, R extends DescMessage, M extends DescMessage> {
  /** Starts an operation. @throws CallError when the call fails. */
  (
    request: MessageInitShape<I>,
    options?: OperationMethodOptions<R, M>,
  ): Promise<OperationHandle<MessageShape<R>, MessageShape<M>>>;
  /** The handle of an operation that this method started earlier. Nothing is sent. */
  operation(
    name: string,
    options?: Pick<HandleOptions<R, M>, "polling">,
  ): OperationHandle<MessageShape<R>, MessageShape<M>>;
}

/**
 * A method that starts an operation, bound to a client. Code written by protoc-gen-longrunning calls this, with the
 * types that the method's `google.longrunning.operation_info` names.
 */
export function operationMethod<I extends DescMessage, R extends DescMessage, M extends DescMessage>(
  operations: OperationsClient,
  method: StartMethod<I>,
  types: OperationMethodTypes<R, M>,
): OperationMethod<I, R, M> {
  const { response, metadata, requestIdField } = types;
  const start = async (request: MessageInitShape<I>, options: OperationMethodOptions<R, M> = {}) => {
    const { requestId = true, ...rest } = options;
    if (typeof requestId !== "boolean") {
      throw invalidOption(`requestId: invalid value (got ${String(requestId)}; expected true or false)`);
    }
    if (requestIdField === undefined || !requestId) {
      return operations.startOperation(method, request, { ...rest, response, metadata });
    }
    const message = withRequestId(method.input, create(method.input, request), requestIdField);
    const { idempotent = true } = rest;
    const sent = { ...rest, idempotent, response, metadata };
    return operations.startOperation(method, message as MessageInitShape<I>, sent); // A message is one shape of init.
  };
  return Object.assign(start, {
    operation: (name: string, options: Pick<HandleOptions<R, M>, "polling"> = {}) =>
      operations.operation(name, { ...options, response, metadata }),
  });
}

/**
 * The message, with a random UUID (RFC 9562, version 4) in the field unless the caller has set it. The caller's own
 * message is left as it is: sent again, it is another request.
 */
function withRequestId<I extends DescMessage>(
  schema: I,
  message: MessageShape<I>,
  name: string,
): MessageShape<I> {
  const field = schema.field[name];
  if (field?.fieldKind !== "scalar" || reflect(schema, message).get(field) !== "") return message;
  const copy = clone(schema, message);
  reflect(schema, copy).set(field, globalThis.crypto.randomUUID());
  return copy;
}
