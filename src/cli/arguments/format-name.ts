// SPDX-License-Identifier: Apache-2.0

/** The forms that data is printed in. */
export const FORMATS = ["text", "json", "yaml", "ndjson"] as const;

/** One of {@link FORMATS}. */
export type FormatName = (typeof FORMATS)[number];

/** Whether errors are printed as JSON, too. */
export function isJsonFormat(format: FormatName): boolean {
  return format === "json" || format === "ndjson";
}
