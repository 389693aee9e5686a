// SPDX-License-Identifier: Apache-2.0
// One run as text for a terminal, as Markdown, or as JSON.
import { readFile, writeFile } from "node:fs/promises";
import { spread } from "./statistics.mjs";

const PAGE = new URL("../BENCHMARKS.md", import.meta.url);
/** What is between these lines of the page is written by `--update`. */
const BLOCK = /(<!-- begin of the run -->\n)([\s\S]*)(<!-- end of the run -->)/;

/** The heading of the targets, as Markdown. */
const TARGETS = "### Targets";
const TARGET_COLUMNS = ["figure", "this run: median (lowest to highest)", "at least", "reach for", ""];

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
    const rows = targets.map(({ figure, values, atLeast, reachFor, outcome }) => [
      figure,
      values.length === 1 ? values[0].toFixed(2) : spread(values, 2),
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

/**
 * Puts the report of a run, as Markdown, into BENCHMARKS.md. What the run did not measure stays, so it must be of the same
 * machine.
 *
 * @param {string} report
 * @param {boolean} isWhole whether the run measured everything
 */
export async function updatePage(report, isWhole) {
  const page = await readFile(PAGE, "utf8");
  const [, , before] = BLOCK.exec(page) ?? [];
  if (before === undefined) throw new Error("BENCHMARKS.md has no block for the run");
  const block = isWhole ? report : mergeReports(before, report);
  await writeFile(
    PAGE,
    page.replace(BLOCK, (_, begin, _before, end) => `${begin}\n${block}\n${end}`),
  );
}

/** The sections of `before` with those of `report` in their place; of the targets, row by row. */
function mergeReports(before, report) {
  const [machine, ...sections] = sectionsOf(report);
  const [machineBefore, ...rest] = sectionsOf(before);
  if (machine !== machineBefore)
    throw new Error(`BENCHMARKS.md is of another machine (${machineBefore}): measure everything`);
  const merged = byFirst(rest, "\n");
  for (const [heading, section] of byFirst(sections, "\n")) {
    const old = merged.get(heading);
    merged.set(heading, heading === TARGETS && old !== undefined ? mergeRows(old, section) : section);
  }
  return `${[machine, ...merged.values()].join("\n\n")}\n`;
}

function sectionsOf(report) {
  return report.split(/^(?=### )/m).map((section) => section.trim());
}

/** The lines of one table with those of another, which go over those with the same first cell. */
function mergeRows(before, after) {
  const rows = new Map([...byFirst(before.split("\n"), " | "), ...byFirst(after.split("\n"), " | ")]);
  return [...rows.values()].join("\n");
}

/** Texts by what is before the separator. */
function byFirst(texts, separator) {
  return new Map(texts.map((text) => [text.split(separator, 1)[0], text]));
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
