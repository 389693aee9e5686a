// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from "@bufbuild/protobuf";

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
