// SPDX-License-Identifier: Apache-2.0
// The errors of the codec: which message, oneof or field, and what is wrong.

import { type DescMessage, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import type { Field } from "./layout.js";

export function decodeError(desc: DescMessage | DescOneof | Field, problem: string): Error {
  return new Error(`cannot decode ${desc} from JSON: ${problem}`);
}

export function encodeError(desc: DescMessage | Field, problem: string): Error {
  return new Error(`cannot encode ${desc} to JSON: ${problem}`);
}

/** `expected int32, got "x"`, for a value of the field or an element of it. */
export function mismatch({ enum: values, message, scalar }: Field, value: unknown): string {
  const type = values ?? message ?? ScalarType[scalar ?? 0]?.toLowerCase();
  const isText = scalar === ScalarType.STRING && typeof value === "string";
  return `expected ${type}, got ${isText ? "half of a surrogate pair" : describe(value)}`;
}

/** What a value is, and the value itself where it is short. */
export function describe(value: unknown): string {
  if (typeof value === "string") return value.length > 30 ? "string" : JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `Array(${value.length})`;
  return "$typeName" in value ? `message ${value.$typeName}` : "object";
}
