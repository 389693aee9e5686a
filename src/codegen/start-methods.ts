// SPDX-License-Identifier: Apache-2.0
import {
  createRegistry,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescService,
  getOption,
  hasOption,
  type Registry,
} from "@bufbuild/protobuf";
import type { Schema } from "@bufbuild/protoplugin";
import { FieldInfo_Format, field_info } from "../../gen/google/api/field_info_pb.js";
import { operation_info } from "../../gen/google/longrunning/operations_pb.js";
import { findMessage } from "../names/type-name.js";

/** A method that starts an operation, with the types that its `operation_info` names. */
export interface StartMethodTypes {
  readonly method: DescMethod;
  readonly response: DescMessage;
  readonly metadata: DescMessage;
  /** The field of the request that makes it safe to send twice (AIP-155). */
  readonly requestIdField: DescField | undefined;
}

const OPERATION = "google.longrunning.Operation";

/**
 * The unary methods of a service that return an operation and have `google.longrunning.operation_info`.
 *
 * @throws Error naming method, type and what to add, when a type is not among the inputs.
 */
export function startMethodsOf(service: DescService, schema: Schema): StartMethodTypes[] {
  return service.methods.flatMap((method) => {
    if (method.methodKind !== "unary" || method.output.typeName !== OPERATION) return [];
    if (!hasOption(method, operation_info)) return [];
    const { responseType, metadataType } = getOption(method, operation_info);
    return [
      {
        method,
        response: messageFor(method, "response_type", responseType, schema),
        metadata: messageFor(method, "metadata_type", metadataType, schema),
        requestIdField: method.input.fields.find(isRequestId),
      },
    ];
  });
}

/** Whether a field is the id of a request: a string named `request_id` of the format UUID4 (AIP-155). */
function isRequestId(field: DescField): boolean {
  return (
    field.name === "request_id" &&
    field.fieldKind === "scalar" &&
    hasOption(field, field_info) &&
    getOption(field, field_info).format === FieldInfo_Format.UUID4
  );
}

function messageFor(method: DescMethod, option: string, name: string, schema: Schema): DescMessage {
  const where = `${method.parent.typeName}.${method.name}: google.longrunning.operation_info`;
  if (name === "") throw new Error(`${where}: ${option} is not set (AIP-151 requires it)`);
  const found = findMessage(name, method.parent.file.proto.package, registryOf(schema));
  if (found !== undefined) return found;
  throw new Error(
    `${where}: ${option} "${name}" is not among the inputs; import the file that defines it in ` +
      `${method.parent.file.proto.name}, or add that file to the inputs (with buf, and "strategy: all" for the plugin)`,
  );
}

const registries = new WeakMap<Schema, Registry>();

/** Every type of the request. */
function registryOf(schema: Schema): Registry {
  const registry = registries.get(schema) ?? createRegistry(...schema.allFiles);
  registries.set(schema, registry);
  return registry;
}
