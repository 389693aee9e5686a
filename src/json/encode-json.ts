// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, JsonValue, MessageShape } from "@bufbuild/protobuf";
import { isMessage, toJson } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { AnySchema, hasCustomJsonRepresentation } from "@bufbuild/protobuf/wkt";
import { isJsonValue, jsonOfValue, typeNameOf } from "./any-value.js";
import { decodeBinary } from "./binary-limit.js";
import { below, type Context, type JsonOptions } from "./context.js";
import { signZeros } from "./floats.js";
import { isJsonObject, writeField } from "./json-field.js";
import { anyFieldsOf } from "./json-plan.js";

/**
 * Writes a message as ProtoJSON, with enum names, 64-bit integers as strings and `lowerCamelCase` keys.
 * Inverse of `decodeJson`, so an Any that holds JSON is written as that JSON.
 *
 * @throws Error naming the type, for an Any that holds bytes of a type outside the registry: only its schema
 * could tell their JSON form
 */
export function encodeJson<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  options: JsonOptions,
): JsonValue {
  return encode(schema, message, { options, depth: 0 });
}

function writeOptions({ options }: Context) {
  return { registry: options.registry, enumAsInteger: options.enumAsInteger === true };
}

function encode<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  context: Context,
): JsonValue {
  const fields = anyFieldsOf(schema);
  if (fields === undefined) {
    return signZeros(schema, toJson(schema, message, writeOptions(context)));
  }
  if (isMessage(message, AnySchema)) {
    return encodeAny(message, context);
  }
  const nested = below(context, schema);
  const copy: MessageShape<Desc> = Object.assign(Object.create(Object.getPrototypeOf(message)), message);
  const written: [string, JsonValue][] = [];
  for (const field of fields) {
    const value = writeField(copy, field, (child) => encode(field.message, child, nested));
    if (value !== undefined) {
      written.push([field.jsonName, value]);
    }
  }
  const rest = signZeros(schema, toJson(schema, copy, writeOptions(context)));
  return Object.fromEntries([...Object.entries(isJsonObject(rest) ? rest : {}), ...written]);
}

function encodeAny(any: Any, context: Context): JsonValue {
  if (any.typeUrl === "") {
    return {};
  }
  if (isJsonValue(any.value)) {
    return jsonOfValue(any.value);
  }
  const type = typeNameOf(any.typeUrl);
  const schema = context.options.registry.getMessage(type);
  if (schema === undefined) {
    throw new Error(
      `cannot write a google.protobuf.Any of type ${type} as JSON: the type is not in the registry`,
    );
  }
  const json = encode(schema, decodeBinary(schema, any.value), below(context, schema));
  return hasCustomJsonRepresentation(schema) || !isJsonObject(json)
    ? { "@type": any.typeUrl, value: json }
    : { "@type": any.typeUrl, ...json };
}
