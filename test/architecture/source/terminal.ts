// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root, sourceFiles } from "../source-files.js";
import { nodesOf, parse } from "../syntax.js";

/** The one place that writes to a terminal, the program that has the streams, and what is redrawn, which escapes its names. */
const WRITER = "src/cli/output/writer.ts";
const MAIN = "src/cli/main.ts";
/** Another program, which reports to the compiler that runs it. */
const CODEGEN = "src/codegen/main.ts";
const REDRAWN = ["src/cli/output/progress.ts", "src/cli/output/table.ts"];

/** What in a file writes, or could write, to a terminal. */
function writesOf(file: string): string[] {
  const isCommandLine = file.startsWith("src/cli/");
  return nodesOf(parse(file)).flatMap((node) => {
    if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText();
      const isStream = /^process\.std(out|err)$/.test(text) && file !== MAIN && file !== CODEGEN;
      const isConsole = /^(globalThis\.)?console\./.test(text);
      const isWrite = isCommandLine && file !== WRITER && /^(write|pipe|end)$/.test(node.name.text);
      const isData = isWrite && /^(printer|format)$/.test(node.expression.getText());
      return isStream || isConsole || (isWrite && !isData) ? [`${file}: ${text}`] : [];
    }
    if (ts.isIdentifier(node) && node.text === "loadBars" && !REDRAWN.includes(file))
      return [`${file}: ${node.text}`];
    if (!ts.isStringLiteral(node)) return [];
    const isBar = node.text === "cli-progress" && !REDRAWN.includes(file);
    return isBar || /^(node:)?(tty|readline)/.test(node.text) ? [`${file}: ${node.text}`] : [];
  });
}

test("nothing but the writer of the command line writes to a terminal", () => {
  expect(sourceFiles().flatMap(writesOf)).toEqual([]);
  expect(readFileSync(join(root, WRITER), "utf8")).toContain("stream.write(");
});
