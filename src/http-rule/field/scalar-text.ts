// SPDX-License-Identifier: Apache-2.0
import { protoInt64, ScalarType } from "@bufbuild/protobuf";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";

/** A field's value as text in a path or a query: an inverse pair. */
export interface FieldText {
  /** What the text is, for errors: `an int32`. */
  readonly what: string;
  /** The text of a value, not percent-encoded. Throws when the value is not of the field's type or out of range. */
  toText(value: unknown): string;
  /** The value of a text, or `undefined` when it is none. */
  fromText(text: string): unknown;
}

const INTEGER = /^-?\d+$/;
const DECIMAL = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;
const BASE64 = /^[-_+/0-9A-Za-z]*={0,2}$/;
const MAX_FLOAT = 3.4028234663852886e38;

/**
 * Text of a scalar. Floating-point numbers have JavaScript's shortest form (so does ProtoJSON); 64-bit integers never
 * pass through a Number; bytes are URL-safe base64 with padding, which Google's servers and grpc-gateway both take,
 * while reading takes both alphabets, padded or not.
 *
 * @param longAsString the field has `jstype = JS_STRING`
 */
export function scalarText(scalar: ScalarType, longAsString: boolean): FieldText {
  switch (scalar) {
    case ScalarType.STRING:
      return { what: "a string", toText: (value) => typed("string", value), fromText: (text) => text };
    case ScalarType.BOOL:
      return { what: "true or false", toText: (value) => String(typed("boolean", value)), fromText: boolOf };
    case ScalarType.BYTES:
      return { what: "base64", toText: base64Of, fromText: bytesOf };
    case ScalarType.FLOAT:
      return { what: "a float", toText: numberText, fromText: (text) => floatOf(text, MAX_FLOAT) };
    case ScalarType.DOUBLE:
      return { what: "a double", toText: numberText, fromText: (text) => floatOf(text, Number.MAX_VALUE) };
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return {
        what: "an int32",
        toText: numberText,
        fromText: (text) => integerOf(text, -(2 ** 31), 2 ** 31 - 1),
      };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return { what: "a uint32", toText: numberText, fromText: (text) => integerOf(text, 0, 2 ** 32 - 1) };
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return longText("an int64", protoInt64.parse, longAsString);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return longText("a uint64", protoInt64.uParse, longAsString);
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

function longText(what: string, parse: (text: string) => bigint, longAsString: boolean): FieldText {
  return {
    what,
    toText: (value) => {
      // Checked rather than trusted: a Number has lost its low digits already, if there were any.
      if (typeof value !== "bigint" && typeof value !== "string" && !Number.isSafeInteger(value)) {
        throw new TypeError(`expected a bigint, got ${typeof value}`);
      }
      return parse(String(value)).toString();
    },
    fromText: (text) => {
      if (!INTEGER.test(text)) {
        return undefined;
      }
      try {
        const value = parse(text);
        return longAsString ? value.toString() : value;
      } catch {
        return undefined; // Out of range.
      }
    },
  };
}

function base64Of(value: unknown): string {
  if (!(value instanceof Uint8Array)) {
    throw new TypeError(`expected a Uint8Array, got ${typeof value}`);
  }
  const text = base64Encode(value, "url");
  return text + "=".repeat((4 - (text.length % 4)) % 4);
}

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
