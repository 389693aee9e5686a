// SPDX-License-Identifier: Apache-2.0
// One run as text for a terminal, as Markdown, or as JSON.
import { readFile, writeFile } from "node:fs/promises";

const PAGE = new URL("../BENCHMARKS.md", import.meta.url);
/** What is between these lines of the page is written by `--update`. */
const BLOCK = /(<!-- begin of the run -->\n)[\s\S]*(<!-- end of the run -->)/;

const TARGET_COLUMNS = ["figure", "this run", "at least", "reach for", ""];

/**
 * @param {object} run the machine, the measures' results and the targets
 * @param {"text" | "markdown" | "json"} format
 */
export function toReport({ machine, results, targets }, format) {
  if (format === "json") return `${JSON.stringify({ machine, targets, results }, undefined, 2)}\n`;
  const table = format === "markdown" ? markdownTable : textTable;
  const heading =
    format === "markdown" ? (text) => `### ${text}` : (text) => `${text}\n${"=".repeat(text.length)}`;
  const parts = [machine];
  if (targets.length > 0) {
    const rows = targets.map(({ figure, value, atLeast, reachFor, outcome }) => [
      figure,
      value.toFixed(2),
      String(atLeast),
      String(reachFor),
      outcome,
    ]);
    parts.push(heading("Targets"), table(TARGET_COLUMNS, rows));
  }
  for (const { title, how, columns, rows } of results)
    parts.push(heading(title), `${how}.`, table(columns, rows));
  return `${parts.join("\n\n")}\n`;
}

/** Puts the report of a run, as Markdown, into BENCHMARKS.md. */
export async function updatePage(report) {
  const page = await readFile(PAGE, "utf8");
  if (!BLOCK.test(page)) throw new Error("BENCHMARKS.md has no block for the run");
  await writeFile(
    PAGE,
    page.replace(BLOCK, (_, begin, end) => `${begin}\n${report}\n${end}`),
  );
}

function markdownTable(columns, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}

function textTable(columns, rows) {
  const widths = columns.map((column, at) => Math.max(column.length, ...rows.map((row) => row[at].length)));
  const line = (cells) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at]))
      .join("  ")
      .trimEnd();
  return [line(columns), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
