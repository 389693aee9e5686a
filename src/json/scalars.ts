// SPDX-License-Identifier: Apache-2.0
// ProtoJSON of scalars and enums. A result of `undefined`: not a value of the type.

import { type DescEnum, type JsonValue, protoInt64, ScalarType } from "@bufbuild/protobuf";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { loneSurrogateAt } from "../names/operation-name.js";

/** The type of a scalar field, and how it holds 64-bit integers. */
export interface ScalarField {
  readonly scalar: ScalarType;
  readonly longAsString?: boolean;
}

/** Reads a scalar as protobuf-es keeps it, a `float` rounded to what it can hold. */
export function readScalar({ scalar, longAsString }: ScalarField, json: JsonValue): unknown {
  switch (scalar) {
    case ScalarType.STRING:
      return typeof json === "string" && loneSurrogateAt(json) < 0 ? json : undefined;
    case ScalarType.BOOL:
      return typeof json === "boolean" ? json : undefined;
    case ScalarType.BYTES:
      return typeof json === "string" ? orUndefined(base64Decode, json) : undefined;
    case ScalarType.DOUBLE:
      return fractionOf(json, Number);
    case ScalarType.FLOAT:
      return fractionOf(json, Math.fround);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return integerOf(json, 0, 2 ** 32 - 1);
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return int32Of(json);
  }
  const long = longOf(scalar, json);
  return longAsString === true && long !== undefined ? String(long) : long;
}

/** Writes a scalar, -0 as the text `-0`: `JSON.stringify` loses the sign of the number. */
export function writeScalar(scalar: ScalarType, value: unknown): JsonValue | undefined {
  switch (scalar) {
    case ScalarType.STRING:
      return typeof value === "string" ? value : undefined;
    case ScalarType.BOOL:
      return typeof value === "boolean" ? value : undefined;
    case ScalarType.BYTES:
      return value instanceof Uint8Array ? base64Encode(value) : undefined;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      if (typeof value !== "number") return undefined;
      if (Object.is(value, -0)) return "-0";
      return Number.isFinite(value) ? value : String(value);
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return writeInt32(value);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return typeof value === "number" ? integerOf(value, 0, 2 ** 32 - 1) : undefined;
  }
  // A number beyond has lost digits already.
  const isSafe = typeof value !== "number" || Number.isSafeInteger(value);
  const long = isSafe ? longOf(scalar, value) : undefined;
  return long === undefined ? undefined : String(long);
}

/** Writes a 32-bit integer, or the number of an enum value: `JSON.stringify` would make null of NaN. */
export function writeInt32(value: unknown): number | undefined {
  return typeof value === "number" ? int32Of(value) : undefined;
}

/** An enum value that is newer than the schema: its name, or its number where the enum is closed. */
export const UNKNOWN_NAME: unique symbol = Symbol("unknown name");

/** How the values of an enum are read: by name, which may be one that the schema gives for JSON, or by number. */
export function createEnumReader({
  values,
  value,
  open,
}: DescEnum): (json: JsonValue) => number | undefined | typeof UNKNOWN_NAME {
  const numbers = new Map<JsonValue, number>();
  for (const { name, number } of values) numbers.set(name, number);
  for (const { jsonName, number } of values) numbers.set(jsonName, number);
  return (json) => {
    if (json === null) return 0; // of NullValue; for other enums it is no value, and not read
    if (typeof json === "string") return numbers.get(json) ?? UNKNOWN_NAME;
    const number = typeof json === "number" ? int32Of(json) : undefined;
    return open || number === undefined || value[number] !== undefined ? number : UNKNOWN_NAME;
  };
}

/** A map's key as protobuf-es keeps it: integers without leading zeros. */
export function readMapKey(scalar: ScalarType, key: string): string | undefined {
  if (scalar === ScalarType.BOOL) return key === "true" || key === "false" ? key : undefined;
  const value = readScalar({ scalar }, key);
  return value === undefined ? undefined : String(value);
}

/** A 64-bit integer. */
function longOf(scalar: ScalarType, value: unknown): bigint | undefined {
  const isText = typeof value === "bigint" || (typeof value === "string" && value !== "");
  if (!isText && !Number.isInteger(value)) return undefined;
  const isUnsigned = scalar === ScalarType.UINT64 || scalar === ScalarType.FIXED64;
  return orUndefined(isUnsigned ? protoInt64.uParse : protoInt64.parse, value as bigint | string | number); // by the check
}

function int32Of(json: JsonValue): number | undefined {
  return integerOf(json, -(2 ** 31), 2 ** 31 - 1);
}

function integerOf(json: JsonValue, min: number, max: number): number | undefined {
  const number = numberOf(json);
  return Number.isInteger(number) && number >= min && number <= max ? number + 0 : undefined;
}

/** The number, if it is finite, or what one of the three words stands for. */
function fractionOf(json: JsonValue, round: (number: number) => number): number | undefined {
  if (json === "NaN" || json === "Infinity" || json === "-Infinity") return Number(json);
  const number = round(numberOf(json));
  return Number.isFinite(number) ? number : undefined;
}

/** A number, or a text of one without blanks; NaN for anything else. */
function numberOf(json: JsonValue): number {
  if (typeof json === "number") return json;
  return typeof json === "string" && json !== "" && json.trim() === json ? Number(json) : Number.NaN;
}

function orUndefined<T, R>(parse: (value: T) => R, value: T): R | undefined {
  try {
    return parse(value);
  } catch {
    return undefined; // Its message says less than the caller's, which names the field.
  }
}
