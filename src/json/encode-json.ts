// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, JsonObject, JsonValue, Message, MessageShape } from "@bufbuild/protobuf";
import { isFieldSet, isMessage } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { writeAny } from "./any-json.js";
import { type Context, enter, type JsonOptions } from "./context.js";
import { extensionValue } from "./extension.js";
import { describe, encodeError, mismatch } from "./json-error.js";
import {
  type Field,
  isBareWrapper,
  isPlainStruct,
  mapValues,
  oncePerType,
  type Slots,
  setOwn,
} from "./layout.js";
import { writeInt32, writeScalar } from "./scalars.js";
import { copyStruct, wellKnownOf } from "./well-known.js";

/**
 * Writes a message as ProtoJSON, with enum names, 64-bit integers as strings and `lowerCamelCase` keys.
 * Inverse of `decodeJson`, so an Any that holds JSON is written as that JSON.
 *
 * @throws Error naming the type, for an Any that holds bytes of a type outside the registry: only its schema
 * could tell their JSON form; naming the field, for a value that is none of its type, or a required field that is not set
 */
export function encodeJson<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  options: JsonOptions,
): JsonValue {
  return writeMessage(schema, message, { options, depth: 0 });
}

function writeMessage(desc: DescMessage, message: Message, context: Context): JsonValue {
  if (message?.$typeName !== desc.typeName) throw encodeError(desc, `got ${describe(message)}`);
  enter(context, desc.typeName);
  const json = isMessage(message, AnySchema)
    ? writeAny(message, context, writeMessage)
    : writerOf(desc)(message, context);
  context.depth -= 1;
  return json;
}

type MessageWriter = (message: Slots, context: Context) => JsonValue;

/** Writes a value of a field, or an element of it; `undefined` for a value that is not of the type. */
type ValueWriter = (value: unknown, context: Context) => JsonValue | undefined;

const writerOf: (desc: DescMessage) => MessageWriter = oncePerType((desc) => {
  const wellKnown = wellKnownOf(desc);
  if (wellKnown === undefined) return createFieldsWriter(desc);
  return (message, context) => {
    const json = wellKnown.write(message, context);
    if (json === undefined) throw encodeError(desc, "the value is out of range, or has no JSON form");
    return json;
  };
});

/** `google.protobuf.FeatureSet.FieldPresence.LEGACY_REQUIRED` */
const REQUIRED = 3;

function createFieldsWriter(desc: DescMessage): MessageWriter {
  const fields = desc.fields
    .toSorted((a, b) => a.number - b.number)
    .map((field) => ({ field, write: createFieldWriter(field) }));
  return (message, context) => {
    const json: JsonObject = {};
    for (const { field, write } of fields) {
      if (isFieldSet(message, field)) {
        const { oneof, localName, jsonName } = field;
        setOwn(
          json,
          jsonName,
          write(oneof === undefined ? message[localName] : Object(message[oneof.localName]).value, context),
        );
      } else if (field.presence === REQUIRED) {
        throw encodeError(field, "required field not set");
      }
    }
    for (const { no } of message.$unknown ?? []) {
      const extension = context.options.registry.getExtensionFor(desc, no);
      if (extension === undefined || Object.hasOwn(json, extension.jsonName)) continue;
      setOwn(
        json,
        extension.jsonName,
        createFieldWriter(extension)(extensionValue(message, extension), context),
      );
    }
    return json;
  };
}

/** Writes a whole field; throws for a value that is none of its type. */
function createFieldWriter(field: Field): (value: unknown, context: Context) => JsonValue {
  const write = createValueWriter(field);
  const writeOne = (value: unknown, context: Context) => {
    const json = write(value, context);
    if (json === undefined) throw encodeError(field, mismatch(field, value));
    return json;
  };
  switch (field.fieldKind) {
    case "list":
      return (list, context) => {
        if (!Array.isArray(list)) throw encodeError(field, `expected Array, got ${describe(list)}`);
        return Array.from(list, (item) => writeOne(item, context)); // a gap in the list included
      };
    case "map":
      return (map, context) => mapValues(Object(map), (value) => writeOne(value, context));
    default:
      return writeOne;
  }
}

function createValueWriter(field: Field): ValueWriter {
  const { enum: values, message: desc, scalar } = field;
  if (values?.typeName === "google.protobuf.NullValue")
    return (value) => (typeof value === "number" ? null : undefined);
  if (values !== undefined) {
    return (value, { options }) => {
      const number = writeInt32(value);
      if (number === undefined || options.enumAsInteger === true) return number;
      const named = values.value[number];
      return named?.jsonName ?? named?.name ?? number; // before 2.16 protobuf-es has one name alone
    };
  }
  if (desc === undefined) return (value) => writeScalar(scalar ?? 0, value);
  if (isPlainStruct(field)) return copyStruct;
  const [inner] = desc.fields;
  if (isBareWrapper(field) && inner?.scalar !== undefined) return (value) => writeScalar(inner.scalar, value);
  return (value, context) => writeMessage(desc, value as Message, context); // It checks the type itself.
}
