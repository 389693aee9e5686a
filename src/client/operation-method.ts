// SPDX-License-Identifier: Apache-2.0
import { create, type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { invalidOption } from "../errors/options.js";
import type { OperationsClient } from "./client.js";
import type { HandleOptions, OperationHandle } from "./handle.js";
import type { StartMethod, StartOptions } from "./start-operation.js";

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

/** What the proto says of a method's operations. */
export interface OperationMethodTypes<R extends DescMessage, M extends DescMessage> {
  readonly response: R;
  readonly metadata: M;
  /** The JavaScript name of the request's id field. @default none */
  readonly requestIdField?: string | undefined;
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
      throw invalidOption(`requestId: not a boolean (got ${String(requestId)}; expected true or false)`);
    }
    if (requestIdField === undefined || !requestId) {
      return operations.startOperation(method, request, { ...rest, response, metadata });
    }
    const message = create(method.input, request);
    fillRequestId(method.input, message, requestIdField);
    const sent: StartOptions<R, M> = { idempotent: true, ...rest, response, metadata };
    return operations.startOperation(method, message as MessageInitShape<I>, sent); // A message is one shape of init.
  };
  return Object.assign(start, {
    operation: (name: string, options: Pick<HandleOptions<R, M>, "polling"> = {}) =>
      operations.operation(name, { ...options, response, metadata }),
  });
}

/** Sets the field to a random UUID (RFC 9562, version 4), unless the caller has set it. */
function fillRequestId<I extends DescMessage>(schema: I, message: MessageShape<I>, name: string): void {
  const fields = reflect(schema, message);
  const field = schema.field[name];
  if (field?.fieldKind === "scalar" && fields.get(field) === "")
    fields.set(field, globalThis.crypto.randomUUID());
}
