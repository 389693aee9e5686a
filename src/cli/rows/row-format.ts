// SPDX-License-Identifier: Apache-2.0
import type { ReportCell, ReportColumn } from "../../admanager.js";
import type { RowFormatName } from "../arguments/format-name.js";
import type { Writer } from "../output/writer.js";
import { cellJson, cellText } from "./cell-text.js";

/** The values of a row by the names of its columns. */
export type Row = Readonly<Record<string, ReportCell>>;

/** A table, written page by page. Each function returns false when the reader is slow. */
export interface RowFormat {
  rows(rows: readonly Row[]): boolean;
  end(): boolean;
  /** How many texts got a `'` in front, since they begin like a formula. */
  readonly guarded: number;
}

/** How a table is written. */
export interface RowFormatOptions {
  readonly name: RowFormatName;
  readonly columns: readonly ReportColumn[];
  /** CSV: text that begins like a formula is left as it is. */
  readonly allowFormulas: boolean;
}

/** Creates the format of one table. */
export async function createRowFormat(writer: Writer, options: RowFormatOptions): Promise<RowFormat> {
  const names = options.columns.map(({ name }) => name);
  switch (options.name) {
    case "csv":
      return csv(writer, names, options.allowFormulas);
    case "ndjson":
      return {
        rows: (rows) => writer.json(rows.map((row) => `${jsonOf(row)}\n`).join("")),
        end: nothing,
        guarded: 0,
      };
    case "json":
      return json(writer);
    case "table":
      return table(writer, names);
  }
}

const nothing = () => true;

/** Rows of JSON, an object each. */
function jsonOf(row: Row): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cellJson(cell)])),
  );
}

function json(writer: Writer): RowFormat {
  let count = 0;
  return {
    rows: (rows) => {
      if (rows.length === 0) return true;
      const start = count === 0 ? "[\n" : ",\n";
      count += rows.length;
      return writer.json(`${start}${rows.map((row) => `  ${jsonOf(row)}`).join(",\n")}`);
    },
    end: () => writer.json(count === 0 ? "[]\n" : "\n]\n"),
    guarded: 0,
  };
}

/** What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), as csv-stringify guards it. */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** RFC 4180: a header, lines that end with CR LF, quotes where they are needed. */
async function csv(writer: Writer, names: readonly string[], allowFormulas: boolean): Promise<RowFormat> {
  const { stringify } = await import("csv-stringify/sync");
  const options = {
    record_delimiter: "\r\n",
    escape_formulas: !allowFormulas,
    quoted_empty: names.length === 1, // an empty line would be no row
  };
  let guarded = 0;
  let isBegun = false;
  const write = (records: readonly (readonly (string | bigint | number)[])[]) => {
    const head = isBegun ? [] : [names];
    isBegun = true;
    return writer.csv(stringify([...head, ...records], options));
  };
  return {
    rows: (rows) =>
      write(
        rows.map((row) =>
          names.map((name) => {
            const text = cellText(row[name]);
            if (!allowFormulas && typeof text === "string" && FORMULA.test(text)) guarded++;
            return text;
          }),
        ),
      ),
    end: () => (isBegun ? true : write([])),
    get guarded() {
      return guarded;
    },
  };
}

/** Columns as wide as their values on the first page, at most so many characters. */
const MAX_WIDTH = 40;

function table(writer: Writer, names: readonly string[]): RowFormat {
  let widths: readonly number[] | undefined;
  const lineOf = (cells: readonly string[]) => {
    const padded = cells.map((cell, at) => (at === cells.length - 1 ? cell : cell.padEnd(widths?.[at] ?? 0)));
    return [padded.join("  ").trimEnd()];
  };
  const write = (rows: readonly Row[]) => {
    const cells = rows.map((row) => names.map((name) => String(cellText(row[name]))));
    const head = widths === undefined ? [names] : [];
    widths ??= names.map((name, at) =>
      Math.min(MAX_WIDTH, Math.max(name.length, ...cells.map((line) => line[at]?.length ?? 0))),
    );
    return writer.lines([...head, ...cells].map(lineOf));
  };
  return { rows: write, end: () => (widths === undefined ? write([]) : true), guarded: 0 };
}
