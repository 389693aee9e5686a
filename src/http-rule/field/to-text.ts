// SPDX-License-Identifier: Apache-2.0
// A field's value as text in a path or a query. from-text.ts is the inverse, which only a server needs.
import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type Message,
  protoInt64,
  ScalarType,
} from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { encodeJson } from "../../json/encode-json.js";
import { standardRegistry } from "../../json/registry.js";
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

/** protobuf-es keeps a wrapper as its bare value only in a singular field outside a oneof. */
export function isBareWrapper(field: DescField): boolean {
  return field.fieldKind === "message" && field.oneof === undefined && isWrapperDesc(field.message);
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
 * Text of a scalar. Floating-point numbers have JavaScript's shortest form (so does ProtoJSON); 64-bit integers never
 * pass through a Number; bytes are URL-safe base64 with padding, which Google's servers and grpc-gateway both take.
 */
function scalarToText(scalar: ScalarType): ToText {
  switch (scalar) {
    case ScalarType.STRING:
      return (value) => (typeof value === "string" ? value : typed("string", value));
    case ScalarType.BOOL:
      return (value) => String(typed("boolean", value));
    case ScalarType.BYTES:
      return base64Of;
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return (value) => longText(protoInt64.parse, value);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return (value) => longText(protoInt64.uParse, value);
    default:
      return numberText;
  }
}

interface TypeNames {
  string: string;
  boolean: boolean;
  number: number;
}

function typed<T extends keyof TypeNames>(type: T, value: unknown): TypeNames[T] {
  if (typeof value !== type) {
    throw new TypeError(`expected a ${type}, got ${value === null ? "null" : typeof value}`);
  }
  return value as TypeNames[T]; // By the check above.
}

/** Text of a number; `-0` keeps its sign, which is a value of its own in protobuf. */
function numberText(value: unknown): string {
  const number = typed("number", value);
  return Object.is(number, -0) ? "-0" : String(number);
}

function longText(parse: (text: string) => bigint, value: unknown): string {
  // Checked rather than trusted: a Number has lost its low digits already, if there were any.
  if (typeof value !== "bigint" && typeof value !== "string" && !Number.isSafeInteger(value)) {
    throw new TypeError(`expected a bigint, got ${typeof value}`);
  }
  return parse(String(value)).toString();
}

function base64Of(value: unknown): string {
  if (!(value instanceof Uint8Array)) {
    throw new TypeError(`expected a Uint8Array, got ${typeof value}`);
  }
  const text = base64Encode(value, "url");
  return text + "=".repeat((4 - (text.length % 4)) % 4);
}
