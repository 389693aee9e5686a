// SPDX-License-Identifier: Apache-2.0
// Prints the cost of hostile servers and clients as tables for BENCHMARKS.md, from the figures of a run:
// HOSTILE_OUT=folder npm run test:long -- test/hostile; node scripts/hostile-table.mjs folder
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder = "."] = process.argv.slice(2);
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
console.log(`### Servers of HTTP/1.1, one call over REST

${table("servers-http1", [["server", "title"], ["the call ends with", "ended"], ...cost])}

### Servers of HTTP/2, one call over gRPC

${table("servers-http2", [["server", "title"], ["the call ends with", "ended"], ...cost])}

### Clients of the emulator

${table("clients", [["client", "title"], ["is told", "said"], ...cost])}`);
