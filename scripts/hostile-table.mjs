// SPDX-License-Identifier: Apache-2.0
// Writes the cost of hostile servers and clients into BENCHMARKS.md, or prints it without --update, from the figures of a run:
// HOSTILE_OUT=folder npm run test:long -- test/hostile; node scripts/hostile-table.mjs folder --update
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FIRST = "### Servers of HTTP/1.1, one call over REST";
const PAGE = join(import.meta.dirname, "../BENCHMARKS.md");

const [folder = ".", mode] = process.argv.slice(2);
const figuresOf = (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));

/** A table with a row for each peer; the columns are named by their fields. */
function table(name, columns) {
  const row = (cells) => `| ${cells.join(" | ")} |`;
  const rows = figuresOf(name).map((figures) =>
    row(columns.map(([, field]) => String(figures[field]).replaceAll("|", "\\|"))),
  );
  return [row(columns.map(([title]) => title)), row(columns.map(() => "---")), ...rows].join("\n");
}

const cost = [
  ["memory, MB", "memoryMb"],
  ["CPU, ms", "cpuMs"],
  ["longest delay, ms", "delayMs"],
];
const tables = `${FIRST}

${table("servers-http1", [["server", "title"], ["the call ends with", "ended"], ...cost])}

### Servers of HTTP/2, one call over gRPC

${table("servers-http2", [["server", "title"], ["the call ends with", "ended"], ...cost])}

### Clients of the emulator

${table("clients", [["client", "title"], ["is told", "said"], ...cost])}
`;

if (mode === "--update") {
  const page = readFileSync(PAGE, "utf8");
  const [before, after] = page.split(FIRST, 2);
  if (after === undefined) throw new Error(`BENCHMARKS.md: has no heading "${FIRST}"`);
  const rest = after.indexOf("\n## ");
  writeFileSync(PAGE, `${before}${tables}${rest < 0 ? "" : after.slice(rest)}`);
} else process.stdout.write(tables);
