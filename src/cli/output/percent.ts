// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from "@bufbuild/protobuf";

/** The names that metadata messages across googleapis have for how far an operation is, in percent. */
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

/** How deep inside the metadata it is searched for: Spanner, for one, has `progress.progressPercent`. */
const DEPTH = 2;

/** How far an operation is, from 0 to 100, by its metadata; `undefined` when that has no percentage. */
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
