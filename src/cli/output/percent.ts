// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from "@bufbuild/protobuf";

/** The names of percentage fields in metadata messages across googleapis. */
const NAMES = [
  "percentComplete",
  "percentageComplete",
  "progressPercent",
  "progressPercentage",
  "progressPercents",
  "completionPercentage",
  "percentDone",
  "progress",
];

/** Maximum depth of the search in the metadata; Spanner, for example, has `progress.progressPercent`. */
const DEPTH = 2;

/** The progress of an operation from 0 to 100, from its metadata; `undefined` if that has no percentage. */
export function percentOf(metadata: JsonValue | undefined, depth = DEPTH): number | undefined {
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) return undefined;
  for (const name of NAMES) {
    const value = metadata[name];
    if (typeof value === "number" && value >= 0 && value <= 100) return value;
  }
  if (depth === 1) return undefined;
  for (const value of Object.values(metadata)) {
    const found = percentOf(value, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
