// SPDX-License-Identifier: Apache-2.0
// Fails when a regular expression literal of src/ may take more than a time linear in its input: texts come from servers,
// files and command lines, and a pattern that backtracks blocks the process. What recheck cannot decide fails as well:
// write it simpler. `node scripts/regex-check.mjs FOLDER` checks another folder.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkSync } from "recheck";
import ts from "typescript";

/** Only a few patterns take more than milliseconds; a busy machine takes its time for those. */
const TIMEOUT_MS = 120_000;

/** The regular expression literals of a file. */
function literalsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const literals = [];
  const visit = (node) => {
    if (ts.isRegularExpressionLiteral(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      literals.push({ place: `${file}:${line + 1}`, text: node.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return literals;
}

/** What is wrong with a literal; undefined for one whose time is linear. */
function problemOf({ place, text }) {
  const end = text.lastIndexOf("/");
  const { status, complexity, attack, error } = checkSync(text.slice(1, end), text.slice(end + 1), {
    timeout: TIMEOUT_MS,
  });
  if (status === "safe") return undefined;
  const reason = complexity === undefined ? `not decided (${error?.kind})` : complexity.summary;
  return `${place}: ${text} ${reason}${attack === undefined ? "" : `, for example for ${attack.pattern}`}`;
}

const [folder = "src"] = process.argv.slice(2);
const files = readdirSync(folder, { recursive: true }).filter((name) => /\.[cm]?[jt]s$/.test(name));
const literals = files.flatMap((name) => literalsOf(join(folder, name)));
const problems = literals.map(problemOf).filter((problem) => problem !== undefined);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${literals.length} regular expressions take linear time`);
