// SPDX-License-Identifier: Apache-2.0

import {
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import { type Any, AnySchema, hasCustomJsonRepresentation } from "@bufbuild/protobuf/wkt";
import { type AnyBatch, createAnyBatch } from "./any-batch.js";
import { isJsonValue, jsonOfValue, typeNameOf } from "./any-value.js";
import { decodeBinary } from "./binary-limit.js";
import { type Context, NestingError } from "./context.js";
import { decodeError, describe, encodeError } from "./json-error.js";
import { isJsonObject, type Slots } from "./layout.js";

/** What decoding takes along besides: the Anys that keep their JSON. */
export interface DecodeContext extends Context {
  /** Made for the first of them: most messages have none. */
  batch: AnyBatch | undefined;
}

type Read = (schema: DescMessage, json: JsonValue, context: DecodeContext) => Message;
type Write = (schema: DescMessage, message: Message, context: Context) => JsonValue;

/**
 * Reads a google.protobuf.Any. Its `value` is the message, where the type is known and the JSON fits it, else the JSON: so
 * the call succeeds, and unpacking the Any tells what is wrong.
 */
export function readAny(any: Slots, json: JsonValue, context: DecodeContext, read: Read): void {
  if (!isJsonObject(json)) throw decodeError(AnySchema, `expected an object, got ${describe(json)}`);
  if (Object.keys(json).length === 0) return;
  const { "@type": typeUrl } = json;
  if (typeof typeUrl !== "string" || typeUrl === "") throw decodeError(AnySchema, '"@type" is empty');
  const type = typeNameOf(typeUrl);
  if (type === "") throw decodeError(AnySchema, '"@type" is invalid');
  any.typeUrl = typeUrl;
  const { registry, strict } = context.options;
  const schema = registry.getMessage(type);
  if (schema === undefined) {
    if (strict === true) throw decodeError(AnySchema, `${typeUrl} is not in the type registry`);
    keepJson(any, json, context);
    return;
  }
  const { depth } = context;
  const size = context.batch?.size() ?? 0;
  try {
    const message = read(schema, packedJson(schema, json), context);
    context.batch?.flush();
    any.value = toBinary(schema, message);
  } catch (error) {
    if (strict === true || error instanceof NestingError) throw error;
    context.depth = depth;
    context.batch?.drop(size);
    keepJson(any, json, context);
  }
}

function keepJson(any: Slots, json: JsonObject, context: DecodeContext): void {
  context.batch ??= createAnyBatch();
  context.batch.add(any, json);
}

/** The JSON of the message in an Any: the fields beside `@type`, or the `value`. */
export function packedJson(schema: DescMessage, json: JsonValue): JsonValue {
  if (!isJsonObject(json)) return json;
  const { "@type": _, ...fields } = json;
  // Go writes it so, protobuf-es and C++ without.
  if (schema.typeName === "google.protobuf.Empty" && isJsonObject(fields.value)) return fields.value;
  return hasCustomJsonRepresentation(schema) && Object.hasOwn(fields, "value")
    ? (fields.value ?? null)
    : fields;
}

/** Writes a google.protobuf.Any: as the JSON that it arrived as, or with `@type` before the message's JSON. */
export function writeAny({ typeUrl, value }: Any, context: Context, write: Write): JsonValue {
  if (typeUrl === "") return {};
  if (!ArrayBuffer.isView(value))
    throw encodeError(AnySchema, `value: expected bytes, got ${describe(value)}`);
  if (isJsonValue(value)) return jsonOfValue(value);
  const type = typeNameOf(typeUrl);
  const schema = context.options.registry.getMessage(type);
  if (schema === undefined) {
    throw new Error(
      `cannot write a google.protobuf.Any of type ${type} as JSON: the type is not in the registry`,
    );
  }
  const json = write(schema, decodeBinary(schema, value), context);
  return hasCustomJsonRepresentation(schema) || !isJsonObject(json)
    ? { "@type": typeUrl, value: json }
    : { "@type": typeUrl, ...json };
}
