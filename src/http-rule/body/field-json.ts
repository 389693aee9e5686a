// SPDX-License-Identifier: Apache-2.0
import { type DescField, type JsonValue, type Message, ScalarType } from "@bufbuild/protobuf";
import { hasCustomJsonRepresentation } from "@bufbuild/protobuf/wkt";
import type { JsonOptions } from "../../json/context.js";
import { decodeJson } from "../../json/decode-json.js";
import { encodeJson } from "../../json/encode-json.js";
import { isJsonObject } from "../../json/layout.js";
import { createReader, IMPLICIT } from "../field/field-access.js";

/** The JSON of one field of a message: a body by itself, so that a default is written out and never left away. */
export function toFieldJson(field: DescField, message: Message, json: JsonOptions): JsonValue {
  if (field.fieldKind === "message" && !hasCustomJsonRepresentation(field.message)) {
    const value = createReader([field])(message);
    return value === undefined ? {} : encodeJson(field.message, value as Message, json); // A message field holds a message.
  }
  const whole = encodeJson(field.parent, message, json);
  return (isJsonObject(whole) ? whole[field.jsonName] : undefined) ?? defaultJson(field);
}

/** A message with one field set from JSON; {@link toFieldJson} is the inverse. */
export function fromFieldJson(field: DescField, value: JsonValue, json: JsonOptions): Message {
  return decodeJson(field.parent, { [field.jsonName]: value }, json);
}

/** JSON for an unset field. An unset field with presence is `null`, unless its type has an empty value to show. */
function defaultJson(field: DescField): JsonValue {
  switch (field.fieldKind) {
    case "list":
      return [];
    case "map":
      return {};
    case "message":
      return EMPTY_MESSAGES.get(field.message.typeName)?.() ?? null;
    case "enum":
      return field.presence === IMPLICIT ? (field.enum.values[0]?.name ?? 0) : null;
    case "scalar":
      return field.presence === IMPLICIT ? zeroJson(field.scalar) : null;
  }
}

/** Messages with a JSON of their own that can be empty; made anew, since the caller may change them. */
const EMPTY_MESSAGES: ReadonlyMap<string, () => JsonValue> = new Map<string, () => JsonValue>([
  ["google.protobuf.Any", () => ({})],
  ["google.protobuf.Struct", () => ({})],
  ["google.protobuf.ListValue", () => []],
]);

function zeroJson(scalar: ScalarType): JsonValue {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return "";
    case ScalarType.BOOL:
      return false;
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
    case ScalarType.SINT64:
      return "0"; // 64-bit integers are strings in ProtoJSON.
    default:
      return 0;
  }
}
