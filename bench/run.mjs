// SPDX-License-Identifier: Apache-2.0
// The benchmark: `npm run bench`, or `node bench/run.mjs [--json | --markdown | --update] [--before FOLDER] [expression]` on what is
// built. `--before` names a checkout of an older commit, built as well: its calls, starts, List pages and memory are measured beside ours.
// The regular expression chooses measures by name: calls, import, first call, command line, installed, bundle, memory, bulk,
// growth, list, names. `--update` writes what was measured into BENCHMARKS.md, and leaves its other tables.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { checkCheckout, compareWithBefore } from "./before.mjs";
import * as bulk from "./measures/bulk.mjs";
import * as bundleSize from "./measures/bundle-size.mjs";
import * as calls from "./measures/calls.mjs";
import * as commandLine from "./measures/command-line.mjs";
import * as firstCall from "./measures/first-call.mjs";
import * as growth from "./measures/growth.mjs";
import * as importTime from "./measures/import-time.mjs";
import * as installedSize from "./measures/installed-size.mjs";
import * as listPage from "./measures/list-page.mjs";
import * as nameLength from "./measures/name-length.mjs";
import * as watchedMemory from "./measures/watched-memory.mjs";
import { toReport, updatePage } from "./report.mjs";
import { judge } from "./targets.mjs";

const MEASURES = [
  calls,
  importTime,
  firstCall,
  commandLine,
  installedSize,
  bundleSize,
  watchedMemory,
  bulk,
  growth,
  listPage,
  nameLength,
];

/** Nothing is left running after this, whatever hangs. */
const MAX_RUN_MS = 20 * 60_000;

const { values, positionals } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
    before: { type: "string" },
  },
  allowPositionals: true,
});
if (values.before !== undefined) checkCheckout(values.before);
const chosen = new RegExp(positionals[0] ?? "", "i");
const format = values.json ? "json" : values.markdown ? "markdown" : "text";

setTimeout(() => {
  console.error(`the benchmark did not end within ${MAX_RUN_MS / 60_000} minutes`);
  process.exit(1);
}, MAX_RUN_MS).unref();

const results = [];
for (const { name, measure } of MEASURES.filter((each) => chosen.test(each.name))) {
  const start = performance.now();
  results.push({ name, ...(await measure({ before: values.before })) });
  console.error(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
const isWhole = results.length === MEASURES.length;
const beside = values.before === undefined ? undefined : compareWithBefore(results, values.before);
if (beside !== undefined && beside.rows.length > 0) results.push(beside);
const [cpu] = cpus();
const machine = `Node ${process.versions.node} on ${process.platform}, ${cpus().length} x ${cpu?.model.trim()}.`;
const run = { machine, results, targets: judge(results) };
process.stdout.write(toReport(run, format));
if (values.update) await updatePage(toReport(run, "markdown"), isWhole);
