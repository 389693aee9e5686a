// SPDX-License-Identifier: Apache-2.0
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  isWhiteSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from "../json-text.js";

/**
 * Where a stream of JSON values is, outside of a value. Either it is one array, `[` value `,` value `]`:
 * - `first`: after the opening bracket, where the array may end; `next`: after a comma, where it may not;
 * - `after`: behind a value; `ended`: behind the closing bracket;
 *
 * or it is values one after the other: `between`. `start` is before the first byte that is not blank.
 */
export type Place = "start" | "first" | "next" | "after" | "ended" | "between";

/**
 * Where the stream is after a byte outside of a value: a place, `value` when a value begins with this byte,
 * or `undefined` for a byte that cannot be there.
 */
export function placeAfter(place: Place, byte: number): Place | "value" | undefined {
  if (isWhiteSpace(byte)) {
    return place;
  }
  switch (place) {
    case "start":
      return byte === OPEN_BRACKET ? "first" : "value";
    case "first":
      return byte === CLOSE_BRACKET ? "ended" : "value";
    case "after":
      return byte === COMMA ? "next" : byte === CLOSE_BRACKET ? "ended" : undefined;
    case "ended":
      return undefined;
    default:
      return "value";
  }
}

/**
 * Follows one JSON value byte by byte, by nesting and quotes alone. `last` is for the byte that completes it,
 * `past` for the byte behind a number or a word, which nothing else ends. What is inside is for `JSON.parse`
 * to judge. Bytes of a UTF-8 sequence beyond ASCII are never taken for a delimiter.
 */
export interface ValueScanner {
  step(byte: number): "inside" | "last" | "past";
  /**
   * Whether the value would be complete if nothing followed: for a number or a word at the end of a stream.
   */
  isComplete(): boolean;
}

export function createValueScanner(): ValueScanner {
  let depth = 0;
  let inString = false;
  let escaped = false;
  const stringStep = (byte: number) => {
    if (escaped || byte === BACKSLASH) {
      escaped = !escaped;
    } else if (byte === QUOTE) {
      inString = false;
      return depth === 0 ? "last" : "inside";
    }
    return "inside";
  };
  return {
    isComplete: () => depth === 0 && !inString,
    step(byte) {
      if (inString) {
        return stringStep(byte);
      }
      switch (byte) {
        case QUOTE:
          inString = true;
          return "inside";
        case OPEN_BRACE:
        case OPEN_BRACKET:
          depth++;
          return "inside";
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          depth--;
          return depth > 0 ? "inside" : depth === 0 ? "last" : "past";
        default:
          return depth === 0 && (byte === COMMA || isWhiteSpace(byte)) ? "past" : "inside";
      }
    },
  };
}
