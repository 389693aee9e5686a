// SPDX-License-Identifier: Apache-2.0
// The figures of the chaos run: counted for each run, added up, and shown under way and as a table.

const PROGRESS_EVERY_MS = 10_000;

/** The figures of a run that begins. */
export const newFigures = () => ({
  operations: 0,
  seconds: 0,
  clientSeconds: 0,
  serverSeconds: 0,
  duplicates: 0,
  calls: {},
  ways: {},
});

/** Adds figures to those of the runs before. */
export function addFigures(all, figures) {
  for (const [key, value] of Object.entries(figures)) {
    if (typeof value === "number") all[key] = (all[key] ?? 0) + value;
    else all[key] = addFigures(all[key] ?? {}, value);
  }
  return all;
}

/** Counts what a way reported of one operation: an error, or a state that is the truth or not. */
export function countReport(figures, { way, state, error }, truth) {
  figures.ways[way] ??= { right: 0, false: 0, errors: {} };
  const figure = figures.ways[way];
  if (error !== undefined) figure.errors[error] = (figure.errors[error] ?? 0) + 1;
  else figure[state === truth ? "right" : "false"] += 1;
}

const countOf = (errors) => Object.values(errors).reduce((sum, count) => sum + count, 0);

/** Says every ten seconds how far it is. Returns how to stop. */
export function showProgress(kind, figures) {
  const startMs = performance.now();
  const timer = setInterval(() => {
    const seconds = (performance.now() - startMs) / 1_000;
    const { operations, ways } = figures;
    const errors = Object.values(ways).reduce((sum, way) => sum + countOf(way.errors), 0);
    const falseReports = Object.values(ways).reduce((sum, way) => sum + way.false, 0);
    const perSecond = (operations / seconds).toFixed(0);
    console.error(
      `${kind} ${seconds.toFixed(0)} s: ${operations} operations begun, ${perSecond} a second, ${errors} errors, ${falseReports} false`,
    );
  }, PROGRESS_EVERY_MS);
  return () => clearInterval(timer);
}

/** All runs of all transports together, in Markdown. */
export function summaryOf(totals) {
  const kinds = Object.keys(totals);
  const lines = [["", ...kinds.map((kind) => (kind === "rest" ? "REST" : "gRPC"))], kinds.map(() => "--:")];
  lines[1].unshift("---");
  const row = (name, cell) => lines.push([name, ...kinds.map((kind) => cell(totals[kind]))]);
  const number = (value) => Math.round(value ?? 0).toLocaleString("en-US");
  const keysOf = (part) => [...new Set(kinds.flatMap((kind) => Object.keys(totals[kind][part])))].sort();
  row("operations", ({ operations }) => number(operations));
  row("operations a second", ({ operations, seconds }) => number(operations / seconds));
  for (const name of keysOf("calls")) row(`calls of ${name}`, ({ calls }) => number(calls[name]));
  row("calls that were sent twice", ({ duplicates }) => number(duplicates));
  for (const way of keysOf("ways")) {
    row(
      `reports of ${way}: as in the store, errors, false`,
      ({ ways: { [way]: { right = 0, errors = {}, false: others = 0 } = {} } }) =>
        `${number(right)}, ${number(countOf(errors))}, ${number(others)}`,
    );
  }
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
