// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, JsonObject, JsonValue, MessageShape } from "@bufbuild/protobuf";
import { create, fromJson, toBinary } from "@bufbuild/protobuf";
import { hasCustomJsonRepresentation } from "@bufbuild/protobuf/wkt";
import { typeNameOf, valueOfJson } from "./any-value.js";
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
  const context = { options, depth: 0 };
  const message = isPlainJson(json)
    ? fromJson(schema, json, { registry: options.registry, ignoreUnknownFields: true })
    : decode(schema, json, context);
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
  const message = decodePacked(schema, json, { options, depth: 0 });
  roundFloats(schema, message);
  return message;
}

function readOptions({ options }: Context) {
  return { registry: options.registry, ignoreUnknownFields: true };
}

function decode<Desc extends DescMessage>(
  schema: Desc,
  json: JsonValue,
  context: Context,
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
      : Object.assign(create(schema), { typeUrl, value: decodeAnyValue(type, json, context) });
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
  context: Context,
): MessageShape<Desc> {
  const nested = below(context, schema);
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

/** The `value` of an Any: the message in it serialized if that can be done, its JSON otherwise. */
function decodeAnyValue(type: string, json: JsonObject, context: Context): Uint8Array {
  const schema = context.options.registry.getMessage(type);
  if (schema !== undefined) {
    try {
      return toBinary(schema, decodePacked(schema, json, context));
    } catch (error) {
      if (error instanceof NestingError) {
        throw error;
      }
      // The JSON does not fit the schema that we have. Keeping it lets the call succeed; unpacking the Any
      // says why not.
    }
  }
  return valueOfJson(json);
}

function decodePacked<Desc extends DescMessage>(
  schema: Desc,
  json: JsonValue,
  context: Context,
): MessageShape<Desc> {
  if (!isJsonObject(json)) {
    return decode(schema, json, below(context, schema));
  }
  const { "@type": _, ...fields } = json;
  const special = hasCustomJsonRepresentation(schema) && Object.hasOwn(fields, "value");
  return decode(schema, special ? (fields.value ?? null) : fields, below(context, schema));
}
