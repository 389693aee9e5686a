// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, JsonObject, JsonValue, Message, MessageShape } from "@bufbuild/protobuf";
import { create, fromJson, toBinary } from "@bufbuild/protobuf";
import { hasCustomJsonRepresentation } from "@bufbuild/protobuf/wkt";
import { type AnyBatch, createAnyBatch } from "./any-batch.js";
import { typeNameOf } from "./any-value.js";
import { below, type Context, type JsonOptions, NestingError } from "./context.js";
import { roundFloats } from "./floats.js";
import { isJsonObject, readField, setField } from "./json-field.js";
import { type DecodePlan, decodePlanOf, floatFieldsOf, isAny, type MessageField } from "./json-plan.js";
import { isPlainJson } from "./plain-json.js";

/**
 * Reads a message from ProtoJSON as a client must, so that a server may be newer than the schema. Unknown
 * fields are ignored, unknown enum numbers kept, `null` for a member of a oneof means that it is not set.
 *
 * A google.protobuf.Any of a type outside the registry, at any depth, keeps its `typeUrl` and its JSON:
 * `unpackAny` and `anyToJson` read it, `encodeJson` gives equal JSON back, and protobuf's own
 * `anyUnpack` throws. So does an Any of a known type whose JSON does not fit the type, since over gRPC the
 * same Any would come through unread as well.
 *
 * @throws Error when the JSON does not fit the schema, or is nested deeper than 100 messages
 */
export function decodeJson<Desc extends DescMessage>(
  schema: Desc,
  json: JsonValue,
  options: JsonOptions,
): MessageShape<Desc> {
  if (options.strict === true) return fromJson(schema, json, { registry: options.registry });
  const message = isPlainJson(json)
    ? fromJson(schema, json, { registry: options.registry, ignoreUnknownFields: true })
    : inBatch(options, (context) => decode(schema, json, context));
  if (floatFieldsOf(schema).length > 0) roundFloats(schema, message);
  return message;
}

/**
 * Reads a message of a known type from the JSON of an Any of that type: its fields beside `@type`, or its
 * `value`.
 */
export function decodeAnyJson<Desc extends DescMessage>(
  schema: Desc,
  json: JsonValue,
  options: JsonOptions,
): MessageShape<Desc> {
  const message = inBatch(options, (context) => decodePacked(schema, json, context));
  roundFloats(schema, message);
  return message;
}

/** What decoding takes along besides: the Anys that are to keep their JSON. */
interface DecodeContext extends Context {
  readonly batch: AnyBatch;
}

/** Runs the work, after which every Any has its value. */
function inBatch<T>(options: JsonOptions, work: (context: DecodeContext) => T): T {
  const batch = createAnyBatch();
  const result = work({ options, depth: 0, batch });
  batch.flush();
  return result;
}

/** One level further down. */
function nestedIn(context: DecodeContext, desc: DescMessage): DecodeContext {
  const { options, depth } = below(context, desc);
  return { options, depth, batch: context.batch };
}

function readOptions({ options }: DecodeContext) {
  return { registry: options.registry, ignoreUnknownFields: true };
}

function decode<Desc extends DescMessage>(
  schema: Desc,
  json: JsonValue,
  context: DecodeContext,
): MessageShape<Desc> {
  const plan = decodePlanOf(schema);
  if (plan === undefined || !isJsonObject(json)) {
    return fromJson(schema, json, readOptions(context));
  }
  if (isAny(schema)) {
    const typeUrl = json["@type"];
    const type = typeof typeUrl === "string" ? typeNameOf(typeUrl) : "";
    return type === ""
      ? fromJson(schema, json, readOptions(context)) // takes `{}`, and says what is wrong with anything else
      : fillAny(Object.assign(create(schema), { typeUrl }), type, json, context);
  }
  return decodeAround(schema, json, plan, context);
}

/**
 * protobuf-es reads the message with nothing inside the fields of the plan, so that its checks (one member of
 * a oneof, no field under both of its names, the kind of each value) hold for them as well. Then their
 * messages are put in.
 */
function decodeAround<Desc extends DescMessage>(
  schema: Desc,
  json: JsonObject,
  plan: DecodePlan,
  context: DecodeContext,
): MessageShape<Desc> {
  const nested = nestedIn(context, schema);
  const shell = { ...json };
  const fillings: [MessageField, unknown][] = [];
  for (const key of Object.keys(json)) {
    const value = json[key] ?? null;
    const field = plan.fields.get(key);
    const parts = field && readField(field, value, (child) => decode(field.message, child, nested));
    if (field !== undefined && parts !== undefined) {
      shell[key] = parts.empty;
      fillings.push([field, parts.content]);
    } else if (value === null && plan.nullable.has(key)) {
      delete shell[key];
    }
  }
  const message = fromJson(schema, shell, readOptions(context));
  for (const [field, content] of fillings) {
    setField(message, field, content);
  }
  return message;
}

/** Sets the `value` of an Any: the message in it serialized if that can be done, its JSON otherwise. */
function fillAny<T extends Message>(any: T, type: string, json: JsonObject, context: DecodeContext): T {
  const slots: T & { value?: Uint8Array } = any;
  const schema = context.options.registry.getMessage(type);
  if (schema !== undefined) {
    try {
      const message = decodePacked(schema, json, context);
      context.batch.flush();
      slots.value = toBinary(schema, message);
      return any;
    } catch (error) {
      if (error instanceof NestingError) {
        throw error;
      }
      // The JSON does not fit the schema that we have. Keeping it lets the call succeed; unpacking the Any
      // says why not.
    }
  }
  context.batch.add(slots, json);
  return any;
}

function decodePacked<Desc extends DescMessage>(
  schema: Desc,
  json: JsonValue,
  context: DecodeContext,
): MessageShape<Desc> {
  if (!isJsonObject(json)) {
    return decode(schema, json, nestedIn(context, schema));
  }
  const { "@type": _, ...fields } = json;
  const special = hasCustomJsonRepresentation(schema) && Object.hasOwn(fields, "value");
  return decode(schema, special ? (fields.value ?? null) : fields, nestedIn(context, schema));
}
