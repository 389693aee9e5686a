// SPDX-License-Identifier: Apache-2.0
// A field's value from its text in a path or a query: the inverse of to-text.ts. Only a server reads such text, so that a
// bundle of a client does without.
import { create, type DescEnum, type DescField, fromJson, protoInt64, ScalarType } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { isBareWrapper } from "../../json/layout.js";

/** How the text of a field is read. */
export interface FromText {
  /** What the text is, for errors: `an int32`. */
  readonly what: string;
  /** The value of a text, or `undefined` when it is none. */
  fromText(text: string): unknown;
}

const INTEGER = /^-?\d+$/;
const DECIMAL = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;
const BASE64 = /^[-_+/0-9A-Za-z]*={0,2}$/;
const MAX_FLOAT = 3.4028234663852886e38;

/** Messages whose JSON is one string, by what an error calls them. */
const STRING_MESSAGES: ReadonlyMap<string, string> = new Map([
  ["google.protobuf.Timestamp", "an RFC 3339 timestamp"],
  ["google.protobuf.Duration", 'a duration such as "1.5s"'],
  ["google.protobuf.FieldMask", 'a field mask such as "name,displayName"'],
]);

const known = new WeakMap<DescField, FromText>();

/** How the values of a field that `fieldToText` has a text for, or the elements of a repeated one, are read from it. */
export function fieldFromText(field: DescField): FromText {
  const reader = known.get(field) ?? readerOf(field);
  known.set(field, reader);
  return reader;
}

function readerOf(field: DescField): FromText {
  const { enum: type, message } = field;
  if (type !== undefined) {
    return { what: `a name of the enum ${type.name}`, fromText: (text) => enumOf(type, text) };
  }
  if (message === undefined) {
    return scalarFromText(field);
  }
  if (!isWrapperDesc(message)) {
    return {
      what: STRING_MESSAGES.get(message.typeName) ?? "text",
      fromText: (text) => {
        try {
          return fromJson(message, text);
        } catch {
          return undefined; // Its message is about JSON; the caller's error has what was expected.
        }
      },
    };
  }
  const { what, fromText } = scalarFromText(message.fields[0]);
  const wrap = (text: string) => {
    const value = fromText(text);
    return value === undefined ? undefined : create(message, { value });
  };
  return { what, fromText: isBareWrapper(field) ? fromText : wrap };
}

/** Takes the number of a value as well as its name. */
function enumOf({ open, value, values }: DescEnum, text: string): number | undefined {
  const named = values.find((candidate) => candidate.name === text)?.number;
  if (named !== undefined || !/^-?\d{1,10}$/.test(text)) {
    return named;
  }
  const number = Number(text);
  return (open && (number | 0) === number) || value[number] !== undefined ? number : undefined;
}

function scalarFromText(field: DescField): FromText {
  const { scalar } = field;
  // The field has `jstype = JS_STRING`.
  const longAsString = "longAsString" in field && field.longAsString;
  switch (scalar) {
    case ScalarType.BOOL:
      return { what: "true or false", fromText: boolOf };
    case ScalarType.BYTES:
      return { what: "base64", fromText: bytesOf };
    case ScalarType.FLOAT:
      return { what: "a float", fromText: (text) => floatOf(text, MAX_FLOAT) };
    case ScalarType.DOUBLE:
      return { what: "a double", fromText: (text) => floatOf(text, Number.MAX_VALUE) };
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return { what: "an int32", fromText: (text) => integerOf(text, -(2 ** 31), 2 ** 31 - 1) };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return { what: "a uint32", fromText: (text) => integerOf(text, 0, 2 ** 32 - 1) };
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return { what: "an int64", fromText: (text) => longOf(protoInt64.parse, text, longAsString) };
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return { what: "a uint64", fromText: (text) => longOf(protoInt64.uParse, text, longAsString) };
    default:
      return { what: "a string", fromText: (text) => text };
  }
}

function longOf(
  parse: (text: string) => bigint,
  text: string,
  longAsString: boolean,
): bigint | string | undefined {
  if (!INTEGER.test(text)) {
    return undefined;
  }
  try {
    const value = parse(text);
    return longAsString ? value.toString() : value;
  } catch {
    return undefined; // Out of range.
  }
}

/** Takes both alphabets of base64, padded or not. */
function bytesOf(text: string): Uint8Array | undefined {
  return BASE64.test(text) && text.replace(/={1,2}$/, "").length % 4 !== 1 ? base64Decode(text) : undefined;
}

function boolOf(text: string): boolean | undefined {
  return text === "true" ? true : text === "false" ? false : undefined;
}

function integerOf(text: string, smallest: number, largest: number): number | undefined {
  const value = INTEGER.test(text) ? Number(text) + 0 : Number.NaN;
  return value >= smallest && value <= largest ? value : undefined;
}

function floatOf(text: string, largest: number): number | undefined {
  if (text === "NaN") {
    return Number.NaN;
  }
  if (text === "Infinity" || text === "-Infinity") {
    return Number(text);
  }
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Math.abs(value) <= largest ? value : undefined;
}
