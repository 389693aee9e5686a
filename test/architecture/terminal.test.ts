// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root, sourceFiles } from "./source-files.js";

/** The one place that writes to a terminal, the program that has the streams, and the bar, which escapes its name. */
const WRITER = "src/cli/output/writer.ts";
const MAIN = "src/cli/main.ts";
/** Another program, which reports to the compiler that runs it. */
const CODEGEN = "src/codegen/main.ts";
const BAR = "src/cli/output/progress.ts";

/** What in a file writes, or could write, to a terminal. */
function writesOf(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), "utf8"),
    ts.ScriptTarget.ES2022,
    true,
  );
  const found: string[] = [];
  const isCommandLine = file.startsWith("src/cli/");
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText();
      const isStream = /^process\.std(out|err)$/.test(text) && file !== MAIN && file !== CODEGEN;
      const isConsole = /^(globalThis\.)?console\./.test(text);
      const isWrite = isCommandLine && file !== WRITER && /^(write|pipe|end)$/.test(node.name.text);
      const isData = isWrite && /^(printer|format)$/.test(node.expression.getText());
      if (isStream || isConsole || (isWrite && !isData)) found.push(`${file}: ${text}`);
    }
    if (ts.isStringLiteral(node)) {
      if (node.text === "cli-progress" && file !== BAR) found.push(`${file}: ${node.text}`);
      if (/^(node:)?(tty|readline)/.test(node.text)) found.push(`${file}: ${node.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test("nothing but the writer of the command line writes to a terminal", () => {
  expect(sourceFiles().flatMap(writesOf)).toEqual([]);
  expect(readFileSync(join(root, WRITER), "utf8")).toContain("stream.write(");
});
