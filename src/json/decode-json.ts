// SPDX-License-Identifier: Apache-2.0
import type { DescField, DescMessage, DescOneof, JsonValue, MessageShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { type DecodeContext, packedJson, readAny } from "./any-json.js";
import { enter, type JsonOptions } from "./context.js";
import { setExtensionValue } from "./extension.js";
import { decodeError, describe, mismatch } from "./json-error.js";
import {
  type Field,
  hasNullValue,
  isBareWrapper,
  isJsonObject,
  isPlainStruct,
  oncePerType,
  type Slots,
  setOwn,
} from "./layout.js";
import { createEnumReader, readMapKey, readScalar, UNKNOWN_NAME } from "./scalars.js";
import { copyStruct, wellKnownOf } from "./well-known.js";

/**
 * Reads a message from ProtoJSON as a client must, so that a server may be newer than the schema. Unknown
 * fields and enum names are ignored, unknown enum numbers kept; `null` for a member of a oneof means that it is not set.
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
  const context: DecodeContext = { options, depth: 0, batch: undefined };
  const message = readMessage(schema, json, context);
  context.batch?.flush();
  return message;
}

/** Reads a message of a known type from the JSON of an Any of that type. */
export function decodeAnyJson<Desc extends DescMessage>(
  schema: Desc,
  json: JsonValue,
  options: JsonOptions,
): MessageShape<Desc> {
  return decodeJson(schema, packedJson(schema, json), options);
}

function readMessage<Desc extends DescMessage>(
  desc: Desc,
  json: JsonValue,
  context: DecodeContext,
): MessageShape<Desc> {
  enter(context, desc.typeName);
  const message = create(desc);
  readerOf(desc)(message, json, context);
  context.depth -= 1;
  return message;
}

type MessageReader = (message: Slots, json: JsonValue, context: DecodeContext) => void;

/** Reads a value of a field, or an element of it; `undefined` for JSON that is none. */
type ValueReader = (json: JsonValue, context: DecodeContext) => unknown;

const readerOf: (desc: DescMessage) => MessageReader = oncePerType((desc) => {
  if (desc.typeName === "google.protobuf.Any")
    return (any, json, context) => readAny(any, json, context, readMessage);
  const wellKnown = wellKnownOf(desc);
  if (wellKnown === undefined) return createFieldsReader(desc);
  return (message, json, context) => {
    const properties = wellKnown.read(json, context);
    if (properties === undefined) throw decodeError(desc, `no value of the type (got ${describe(json)})`);
    Object.assign(message, properties);
  };
});

function createFieldsReader(desc: DescMessage): MessageReader {
  const fields = new Map<string, FieldReader>();
  for (const field of desc.fields) {
    fields.set(field.name, { field, read: createFieldReader(field) });
  }
  // A field may have the name of another one in JSON: what is written under that name is read from it.
  for (const reader of [...fields.values()]) fields.set(reader.field.jsonName, reader);
  return (message, json, context) => {
    if (!isJsonObject(json)) throw decodeError(desc, `expected an object, got ${describe(json)}`);
    const oneofs = new Map<DescOneof, DescField>();
    for (const key of Object.keys(json)) {
      const reader = fields.get(key);
      const value = json[key] ?? null;
      if (reader === undefined) {
        readUnknown(desc, message, { key, value, context });
        continue;
      }
      const { field, read } = reader;
      const { oneof, localName, name, jsonName } = field;
      if (key !== jsonName && Object.hasOwn(json, jsonName) && fields.get(jsonName) === reader) {
        throw decodeError(field, `set multiple times, as ${name} and as ${jsonName}`);
      }
      if (value === null && !isNullSet(field)) continue;
      const other = oneof && oneofs.get(oneof);
      if (other !== undefined) {
        throw decodeError(other.oneof ?? other, `oneof set multiple times by ${other.name} and ${name}`);
      }
      const content = read(value, context);
      if (oneof !== undefined) oneofs.set(oneof, field);
      if (content === UNKNOWN_NAME) continue;
      if (oneof === undefined) message[localName] = content;
      else message[oneof.localName] = { case: localName, value: content };
    }
  };
}

interface FieldReader {
  readonly field: DescField;
  readonly read: ValueReader;
}

/** Whether `null` sets the field; for all others it says that the field is not set. */
function isNullSet(field: Field): boolean {
  return hasNullValue(field) && (field.fieldKind === "message" || field.fieldKind === "enum");
}

/** An extension, `[package.name]`, or a field that the schema does not have. */
function readUnknown(
  desc: DescMessage,
  message: Slots,
  { key, value, context }: { key: string; value: JsonValue; context: DecodeContext },
): void {
  const { registry, strict } = context.options;
  const extension = /^\[.*\]$/.test(key) ? registry.getExtension(key.slice(1, -1)) : undefined;
  if (extension?.extendee.typeName === desc.typeName) {
    if (value === null && !isNullSet(extension)) return;
    const content = createFieldReader(extension)(value, context);
    context.batch?.flush(); // An extension is kept as bytes, and may hold an Any.
    if (content !== UNKNOWN_NAME) setExtensionValue(message, extension, content);
  } else if (strict === true) {
    throw decodeError(desc, `key ${describe(key)} is unknown`);
  }
}

/** Reads a whole field; throws for JSON that is none of its kind. The result `UNKNOWN_NAME` is to be left out. */
function createFieldReader(field: Field): ValueReader {
  const read = createValueReader(field);
  const readOne: ValueReader = (json, context) => {
    const value = read(json, context);
    if (value === undefined || (value === UNKNOWN_NAME && context.options.strict === true)) {
      throw decodeError(field, mismatch(field, json));
    }
    return value;
  };
  const readElement: ValueReader = (json, context) => {
    if (json === null && !hasNullValue(field)) throw decodeError(field, "an element must not be null");
    return readOne(json, context);
  };
  switch (field.fieldKind) {
    case "list":
      return (json, context) => {
        if (!Array.isArray(json)) throw decodeError(field, `expected Array, got ${describe(json)}`);
        return json.map((item) => readElement(item, context)).filter((item) => item !== UNKNOWN_NAME);
      };
    case "map":
      return (json, context) => {
        if (!isJsonObject(json)) throw decodeError(field, `expected object, got ${describe(json)}`);
        const entries: Record<string, unknown> = {};
        for (const text of Object.keys(json)) {
          const key = readMapKey(field.mapKey, text);
          if (key === undefined) throw decodeError(field, `invalid map key ${describe(text)}`);
          if (Object.hasOwn(entries, key)) throw decodeError(field, `duplicate map key ${describe(text)}`);
          const value = readElement(json[text] ?? null, context);
          if (value !== UNKNOWN_NAME) setOwn(entries, key, value);
        }
        return entries;
      };
    default:
      return readOne;
  }
}

function createValueReader(field: Field): ValueReader {
  if (field.enum !== undefined) return createEnumReader(field.enum);
  const { message: desc } = field;
  if (desc === undefined) return (json) => readScalar(field, json);
  if (isPlainStruct(field)) return copyStruct;
  const [inner] = desc.fields;
  if (isBareWrapper(field) && inner?.scalar !== undefined) return (json) => readScalar(inner, json);
  return (json, context) => readMessage(desc, json, context);
}
