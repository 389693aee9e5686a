// SPDX-License-Identifier: Apache-2.0

import type { JsonValue } from "@bufbuild/protobuf";
import { MAX_JSON_DEPTH } from "../budgets/budgets.js";
import { NestingError } from "./context.js";
import { stringifyJson } from "./json-text.js";

/**
 * `value` of a google.protobuf.Any whose type nobody here knows, when it arrived as JSON: this byte, then the
 * JSON in UTF-8, `@type` included. As a protobuf tag, 7 is field 0 with wire type 7, which every parser
 * rejects: so reading such a value as a message fails loudly instead of giving an empty one, and no value
 * written by protobuf begins with it. Copying, comparing and nesting the Any work as with any other bytes.
 */
export const JSON_MARKER = 0x07;
const MARKER = String.fromCharCode(JSON_MARKER);

const encoder = new TextEncoder();

/** Whether the `value` of an Any holds JSON instead of a serialized message. */
export function isJsonValue(value: Uint8Array): boolean {
  return value[0] === JSON_MARKER;
}

/**
 * The JSON of an Any as its `value`. Inverse: {@link jsonOfValue}.
 *
 * @throws NestingError beyond 512 levels
 */
export function valueOfJson(json: JsonValue): Uint8Array {
  const text = MARKER + (checkJson(json) ? stringifyJson(json) : JSON.stringify(json));
  // ASCII, as most JSON is, has as many bytes as characters: it is written into its place at once.
  const value = new Uint8Array(text.length);
  if (encoder.encodeInto(text, value).read === text.length) return value;
  return new Uint8Array(encoder.encode(text));
}

/**
 * The JSON in a `value` for which {@link isJsonValue} holds, as a fresh copy.
 *
 * @throws Error when the bytes were tampered with
 */
export function jsonOfValue(value: Uint8Array): JsonValue {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value.subarray(1)));
}

/**
 * Whether there is a -0 in the JSON, of which `JSON.stringify` loses the sign. Recurses as
 * `JSON.stringify` does, though never beyond the limit.
 *
 * @throws NestingError beyond it
 */
export function checkJson(json: JsonValue, depth = 0): boolean {
  if (typeof json !== "object" || json === null) return Object.is(json, -0);
  if (depth >= MAX_JSON_DEPTH) throw new NestingError("the JSON of a google.protobuf.Any", MAX_JSON_DEPTH);
  let hasNegativeZero = false;
  for (const value of Object.values(json)) {
    if (checkJson(value, depth + 1)) hasNegativeZero = true;
  }
  return hasNegativeZero;
}

/** The full name of the type that a type URL names: what follows its last slash, or all of it without one. */
export function typeNameOf(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
}
