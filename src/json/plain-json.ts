// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from "@bufbuild/protobuf";

/** Objects and lists within each other: below the limit on messages, which only the careful way counts. */
const MAX_DEPTH = 100;

/**
 * Whether protobuf-es alone reads this JSON as {@link decodeJson} does, whatever its type: there is no `null` in it, and no
 * `@type` of an Any. A page of report rows has some five thousand values and neither; read one by one, they cost three times
 * the memory.
 */
export function isPlainJson(json: JsonValue, depth = 0): boolean {
  if (json === null) return false;
  if (typeof json !== "object") return true;
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(json)) {
    for (const element of json) if (!isPlainJson(element, depth + 1)) return false;
    return true;
  }
  for (const key in json) {
    const value = json[key];
    if (key === "@type" || value === undefined || !isPlainJson(value, depth + 1)) return false;
  }
  return true;
}
