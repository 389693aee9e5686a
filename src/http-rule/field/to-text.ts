// SPDX-License-Identifier: Apache-2.0
// A field's value as text in a path or a query. from-text.ts is the inverse, which only a server needs.
import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { encodeJson } from "../../json/encode-json.js";
import { describe } from "../../json/json-error.js";
import { isBareWrapper } from "../../json/layout.js";
import { standardRegistry } from "../../json/registry.js";
import { writeScalar } from "../../json/scalars.js";
import { invalidArgument } from "../invalid-argument.js";
import { createReader } from "./field-access.js";
import { describeField } from "./field-path.js";

/** The text of a value, not percent-encoded. Throws when the value is not of the field's type or out of range. */
export type ToText = (value: unknown) => string;

/** Messages whose JSON is one string. */
const STRING_MESSAGES: ReadonlySet<string> = new Set([
  "google.protobuf.Timestamp",
  "google.protobuf.Duration",
  "google.protobuf.FieldMask",
]);

/**
 * How the values of a field, or the elements of a repeated one, are written as text; `undefined` for maps and for messages
 * whose JSON is not a single scalar.
 */
export function fieldToText(field: DescField): ToText | undefined {
  if (field.fieldKind === "map") {
    return undefined;
  }
  if (field.enum !== undefined) {
    return enumToText(field.enum);
  }
  if (field.message !== undefined) {
    return messageToText(field.message, isBareWrapper(field));
  }
  return field.scalar === undefined ? undefined : scalarToText(field.scalar);
}

/** The text of a value; whatever the value's own codec throws becomes InvalidArgument with the field's name. */
export function valueText(field: DescField, toText: ToText, value: unknown): string {
  try {
    return toText(value);
  } catch (error) {
    throw invalidArgument(
      `${describeField(field)}: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}

/** The name of a value; the number when the enum has no name for it. */
function enumToText({ value }: DescEnum): ToText {
  return (number) => {
    if (!Number.isInteger(number)) {
      throw new TypeError(`expected a number, got ${typeof number}`);
    }
    return value[number as number]?.name ?? String(number); // An integer, by the line above.
  };
}

function messageToText(message: DescMessage, isBare: boolean): ToText | undefined {
  if (STRING_MESSAGES.has(message.typeName)) {
    // encodeJson checks the type itself.
    return (value) => String(encodeJson(message, value as Message, { registry: standardRegistry() }));
  }
  if (!isWrapperDesc(message)) {
    return undefined;
  }
  const [inner] = message.fields;
  const toText = scalarToText(inner.scalar);
  const read = createReader([inner]);
  return isBare ? toText : (value) => toText(read(value as Message)); // Not bare: the field holds the wrapper message.
}

/**
 * Text of a scalar, which is its ProtoJSON; bytes are URL-safe base64 with padding, which Google's servers and grpc-gateway
 * both take.
 */
function scalarToText(scalar: ScalarType): ToText {
  return (value) => {
    const json = writeScalar(scalar, value);
    if (json === undefined) throw new TypeError(`expected ${ScalarType[scalar]}, got ${describe(value)}`);
    const text = String(json);
    return scalar === ScalarType.BYTES ? text.replaceAll("+", "-").replaceAll("/", "_") : text;
  };
}
