// SPDX-License-Identifier: Apache-2.0

import type { JsonValue } from "@bufbuild/protobuf";
import { NestingError } from "./context.js";
import { stringifyJson } from "./json-text.js";

/**
 * `value` of a google.protobuf.Any whose type nobody here knows, when it arrived as JSON: this byte, then the
 * JSON in UTF-8, `@type` included. As a protobuf tag, 7 is field 0 with wire type 7, which every parser
 * rejects: so reading such a value as a message fails loudly instead of giving an empty one, and no value
 * written by protobuf begins with it. Copying, comparing and nesting the Any work as with any other bytes.
 */
const JSON_MARKER = 0x07;

/** JSON is kept to this many nested objects and arrays: `JSON.stringify` and its readers recurse. */
const MAX_JSON_DEPTH = 512;

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
  rejectDeepJson(json);
  const text = new TextEncoder().encode(stringifyJson(json));
  const value = new Uint8Array(text.length + 1);
  value[0] = JSON_MARKER;
  value.set(text, 1);
  return value;
}

/**
 * The JSON in a `value` for which {@link isJsonValue} holds, as a fresh copy.
 *
 * @throws Error when the bytes were tampered with
 */
export function jsonOfValue(value: Uint8Array): JsonValue {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value.subarray(1)));
}

/** Recurses itself, though never beyond the limit. */
function rejectDeepJson(json: JsonValue, depth = 0): void {
  if (typeof json !== "object" || json === null) {
    return;
  }
  if (depth >= MAX_JSON_DEPTH) {
    throw new NestingError("the JSON of a google.protobuf.Any", MAX_JSON_DEPTH);
  }
  for (const value of Object.values(json)) {
    rejectDeepJson(value, depth + 1);
  }
}

/** The full name of the type that a type URL names: what follows its last slash, or all of it without one. */
export function typeNameOf(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
}
