// SPDX-License-Identifier: Apache-2.0
import type { Command } from "commander";
import { ROW_FORMATS } from "../arguments/format-name.js";
import { readOneName } from "../arguments/names.js";
import type { RowsFlags } from "../rows/write-rows.js";
import { addExamples, addRowFlags, type Start } from "./start.js";

/** `rows RESULT`: prints the rows of an Ad Manager report's result. */
export function addRows(program: Command, start: Start): void {
  const command = program
    .command("rows")
    .summary("print the rows of an Ad Manager report's result")
    .description(
      "Prints the rows of a result that run-report has named: as CSV with a header (RFC 4180), JSON, a line of JSON each, or " +
        "a table. A file appears under its name only once all rows are in it.",
    )
    .argument("<result>", "name of a result: networks/123/reports/789/results/1", readOneName);
  addRowFlags(command, ROW_FORMATS, "csv, ndjson, json or table (default: csv)");
  addExamples(
    command,
    "rows networks/123/reports/789/results/1 --format table --endpoint http://localhost:8080",
    "rows networks/123/reports/789/results/1 -o rows.csv --endpoint http://localhost:8080",
  );
  command.action(async (result: string, typed: RowsFlags) =>
    start(typed, { names: [result], isList: false, failsOnClosedPipe: true }, async (session) => {
      const { adManagerOf, openOutput, rowFormatOf, writeRows } = await import("../rows/write-rows.js");
      // For their errors, before a file is opened.
      adManagerOf(session, "rows");
      rowFormatOf(typed, session.settings.flags);
      await writeRows(session, result, await openOutput(session, typed), typed);
    }),
  );
}
