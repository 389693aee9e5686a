// SPDX-License-Identifier: Apache-2.0

/** The output formats. */
export const FORMATS = ["text", "json", "yaml", "ndjson"] as const;

/** One of {@link FORMATS}. */
export type FormatName = (typeof FORMATS)[number];

/** The formats of rows. */
export const ROW_FORMATS = ["csv", "ndjson", "json", "table"] as const;

/** One of {@link ROW_FORMATS}. */
export type RowFormatName = (typeof ROW_FORMATS)[number];

/** A value of `--format`; which commands take it is checked there. */
export type AnyFormatName = FormatName | RowFormatName;

/** Whether errors are also printed as JSON. */
export function isJsonFormat(format: AnyFormatName): boolean {
  return format === "json" || format === "ndjson";
}
