// SPDX-License-Identifier: Apache-2.0

import type { JsonValue } from "@bufbuild/protobuf";
import { MAX_JSON_DEPTH, MAX_JSON_DIGITS, MAX_VALUES } from "../budgets/budgets.js";

/** JSON that is within its size, and beyond what it may cost to decode. */
export class JsonLimitError extends Error {
  override readonly name = "JsonLimitError";
}

export const QUOTE = 0x22;
export const COMMA = 0x2c;
const ZERO_DIGIT = 0x30;
const NINE_DIGIT = 0x39;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

/** As JSON has it: blank, line feed, carriage return, tab (RFC 8259, section 2). */
export function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Throws a TypeError for what is not UTF-8; drops a byte order mark. */
export const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Parses JSON from a peer. Depth and number of values are counted first, in one pass over the bytes: 60 MB of brackets
 * would keep `JSON.parse` and what follows busy for most of a minute.
 *
 * @throws JsonLimitError beyond {@link MAX_JSON_DEPTH}, {@link MAX_VALUES} or {@link MAX_JSON_DIGITS}; TypeError for what is not UTF-8;
 * SyntaxError for what is not JSON
 */
export function parseJsonBytes(bytes: Uint8Array): JsonValue {
  // No text of fewer bytes is beyond any of the limits.
  if (bytes.byteLength > MAX_JSON_DEPTH) checkCost(bytes);
  return JSON.parse(utf8.decode(bytes));
}

/** As {@link parseJsonBytes}, without the parsing. */
export function checkCost(bytes: Uint8Array): void {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE: {
        const end = endOfString(bytes, at);
        if (end - at > MAX_JSON_DIGITS) checkDigits(bytes.subarray(at, end));
        at = end;
        break;
      }
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (++depth > MAX_JSON_DEPTH)
          throw new JsonLimitError(`is nested deeper than ${MAX_JSON_DEPTH} levels`);
        values++;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth--;
        break;
      case COMMA:
        values++;
        break;
    }
    if (values > MAX_VALUES) throw new JsonLimitError(`has more than ${MAX_VALUES} values`);
  }
}

function checkDigits(text: Uint8Array): void {
  let digits = 0;
  for (const byte of text) {
    digits = byte >= ZERO_DIGIT && byte <= NINE_DIGIT ? digits + 1 : 0;
    if (digits > MAX_JSON_DIGITS)
      throw new JsonLimitError(`has a number of more than ${MAX_JSON_DIGITS} digits`);
  }
}

/** The index of a string's closing quote, or the end of the bytes. */
function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  // Not by `indexOf`, which costs as much as some fifty steps of this.
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, bytes.length);
}

/** A zero that may have lost its sign; only then is it worth searching for one. */
const ZERO = /(?:^|[[:,])0(?:$|[\],}])/;

/**
 * JSON as text, with the sign of -0, which `JSON.stringify` leaves out. A number in a google.protobuf.Value or Struct
 * cannot be written as the text "-0", as one in a field of type `double` is: that would be another value.
 */
export function stringifyJson(json: JsonValue): string {
  const text = JSON.stringify(json);
  if (!ZERO.test(text) || !hasNegativeZero(json)) return text;
  let mark = "-0";
  while (text.includes(`"${mark}"`)) mark = `-${mark}`;
  return JSON.stringify(json, (_, value: unknown) => (Object.is(value, -0) ? mark : value)).replaceAll(
    `"${mark}"`,
    "-0",
  );
}

function hasNegativeZero(json: JsonValue): boolean {
  return typeof json === "object" && json !== null
    ? Object.values(json).some(hasNegativeZero)
    : Object.is(json, -0);
}
