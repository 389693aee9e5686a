// SPDX-License-Identifier: Apache-2.0

/** The output formats. */
export const FORMATS = ["text", "json", "yaml", "ndjson"] as const;

/** One of {@link FORMATS}. */
export type FormatName = (typeof FORMATS)[number];

/** Whether errors are also printed as JSON. */
export function isJsonFormat(format: FormatName): boolean {
  return format === "json" || format === "ndjson";
}
