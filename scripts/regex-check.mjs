// SPDX-License-Identifier: Apache-2.0
// Fails when a regular expression of src/, a literal or one made with RegExp, may take more than linear time: texts come from servers,
// files and command lines, and a pattern that backtracks blocks the process. Patterns that recheck cannot decide also fail:
// simplify them. `node scripts/regex-check.mjs FOLDER` checks another folder.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkSync } from "recheck";
import ts from "typescript";

/** Only a few patterns take more than milliseconds, but a busy machine may need long for those. */
const TIMEOUT_MS = 120_000;

/** `new RegExp("text", "flags")` or `RegExp(...)`: its arguments. */
function argumentsOf(node) {
  const isCall = ts.isNewExpression(node) || ts.isCallExpression(node);
  return isCall && node.expression.getText() === "RegExp" ? (node.arguments ?? []) : undefined;
}

/** The text of a pattern that is composed only of literals; undefined for any other. */
function constantOf(node) {
  if (node === undefined) return "";
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.flatMap(({ expression, literal }) => [
      sourceOf(expression),
      literal.text,
    ]);
    return parts.includes(undefined) ? undefined : node.head.text + parts.join("");
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const parts = [constantOf(node.left), constantOf(node.right)];
  return parts.includes(undefined) ? undefined : parts.join("");
}

/** `NAME.source`, where NAME is a literal in the same file. */
function sourceOf(node) {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== "source") return undefined;
  const declared = new RegExp(`const ${node.expression.getText()} =\\s*/(.+)/[a-z]*;`);
  return declared.exec(node.getSourceFile().text)?.[1];
}

/** The regular expressions of a file: literals, and those that are made of texts. */
function literalsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const literals = [];
  const visit = (node) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    const place = `${file}:${line + 1}`;
    if (ts.isRegularExpressionLiteral(node)) literals.push({ place, text: node.text });
    const made = argumentsOf(node);
    if (made !== undefined) {
      const [pattern, flags] = [constantOf(made[0]), constantOf(made[1])];
      const isKnown = pattern !== undefined && flags !== undefined;
      literals.push({ place, text: isKnown ? `/${pattern}/${flags}` : undefined });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return literals;
}

/** The problem with a pattern; undefined if its time is linear. */
function problemOf({ place, text }) {
  if (text === undefined) return `${place}: a regular expression that is made of more than literal texts`;
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
