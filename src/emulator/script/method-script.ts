// SPDX-License-Identifier: Apache-2.0
import {
  create,
  type DescMessage,
  type DescMethod,
  fromJson,
  getOption,
  hasOption,
  type JsonValue,
  type Registry,
} from "@bufbuild/protobuf";
import { type Any, anyPack } from "@bufbuild/protobuf/wkt";
import { type Operation, operation_info } from "../../../gen/google/longrunning/operations_pb.js";
import { selectorOf } from "../../names/method-name.js";
import type { OperationMethodTypes } from "../../names/service-operations.js";
import { findMessage } from "../../names/type-name.js";
import { behaviourOf } from "../operations/behaviour.js";
import type { OperationScript } from "../operations/script.js";
import { parseOperation } from "./script.js";
import { type Entries, mappingOf, scriptError } from "./script-value.js";

/** A script whose `response` and `metadata` are plain objects of the types that the method's `operation_info` names. */
export interface TypedScript extends Omit<OperationScript, "response" | "metadata"> {
  /** The response's fields, or `"none"`. @default the empty message of its type */
  readonly response?: object | "none" | undefined;
  /** The metadata's fields: one set for its whole life, or several, each from its own time on. @default the empty message */
  readonly metadata?: object | readonly TypedStep[] | undefined;
}

/** Metadata from a given time on, in milliseconds after the start. */
interface TypedStep {
  readonly afterMs: number;
  readonly metadata: object;
}

/** Starts operations. */
export interface Starter {
  start(script: OperationScript): string;
  get(name: string): Operation;
}

/**
 * Reads a method's `operation_info`. A relative name is resolved in the package of the method's file and its parents,
 * like every name in a proto file.
 *
 * @throws TypeError when the method has none, or names a type that the registry does not have
 */
export function operationTypesOf(method: DescMethod, registry: Registry): OperationMethodTypes {
  const selector = selectorOf(method);
  if (!hasOption(method, operation_info)) {
    throw scriptError(
      selector,
      "it starts no operation (expected the option google.longrunning.operation_info)",
    );
  }
  const { responseType, metadataType } = getOption(method, operation_info);
  const find = (name: string): DescMessage => {
    const found = findMessage(name, method.parent.file.proto.package, registry);
    if (found === undefined) {
      throw scriptError(selector, `its operation_info names the type "${name}", which is not registered`);
    }
    return found;
  };
  return { response: find(responseType), metadata: find(metadataType) };
}

/** The implementation of a method that starts an operation: below the request's resource, unless the script sets a parent. */
export function startsOperation<Request extends object>(
  operations: Starter,
  scriptFor: (request: Request) => OperationScript,
): (request: Request) => Operation {
  return (request) => {
    const { parent = parentOf(request), ...script } = scriptFor(request);
    return operations.get(operations.start({ ...script, parent }));
  };
}

/** Packs the plain response and metadata of a script by the method's types. */
export function packed(script: TypedScript, types: OperationMethodTypes): OperationScript {
  const { response, metadata = {}, ...rest } = script;
  const value = response === "none" ? response : pack(types.response, response ?? {});
  return {
    ...rest,
    ...(rest.error === undefined && { response: value }),
    metadata: isSteps(metadata)
      ? metadata.map(({ afterMs, metadata: fields }) => ({ afterMs, metadata: pack(types.metadata, fields) }))
      : pack(types.metadata, metadata),
  };
}

function isSteps(metadata: object | readonly TypedStep[]): metadata is readonly TypedStep[] {
  return Array.isArray(metadata);
}

/** Parses an entry of `methods` in a script: how the operations of a method behave, its messages without `@type`. */
export function parseMethodScript(
  value: unknown,
  {
    where,
    method,
    registry,
  }: { readonly where: string; readonly method: DescMethod; readonly registry: Registry },
): OperationScript {
  const entries = mappingOf(value, where);
  const types = operationTypesOf(method, registry);
  const typed = (schema: DescMessage, json: unknown): Entries => ({
    "@type": `type.googleapis.com/${schema.typeName}`,
    ...anyFields(schema, json, { where, registry }),
  });
  const {
    method: _,
    response = entries.error === undefined ? {} : undefined,
    metadata = {},
    ...rest
  } = entries;
  const script = parseOperation(
    {
      ...rest,
      ...(response !== undefined && {
        response: response === "none" ? response : typed(types.response, response),
      }),
      metadata: typed(types.metadata, metadata),
    },
    where,
    registry,
  );
  behaviourOf(script); // reports contradictions now rather than at the first call
  return script;
}

/** The JSON besides `@type`: the fields, or `value` for types with a special JSON form. */
function anyFields(
  schema: DescMessage,
  json: unknown,
  { where, registry }: { readonly where: string; readonly registry: Registry },
): Entries {
  if (schema.typeName.startsWith("google.protobuf.") && schema.typeName !== "google.protobuf.Empty") {
    return { value: json };
  }
  const fields = mappingOf(json, where);
  try {
    fromJson(schema, fields as JsonValue, { registry }); // checked here, where the error can include the path
  } catch (cause) {
    throw scriptError(where, cause instanceof Error ? cause.message : String(cause), cause);
  }
  return fields;
}

/** Packs the fields of a message, or a message. */
export function pack(schema: DescMessage, fields: object): Any {
  return anyPack(schema, create(schema, { ...fields }));
}

/** The collection of operations below the resource of a request, its `parent` or `name`. */
function parentOf({ parent, name }: { readonly parent?: unknown; readonly name?: unknown }): string {
  const resource = [parent, name].find((one) => typeof one === "string" && one !== "");
  return resource === undefined ? "operations" : `${String(resource)}/operations`;
}
