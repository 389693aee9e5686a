// SPDX-License-Identifier: Apache-2.0
import { startProcess } from "../process.mjs";
import { median } from "../statistics.mjs";

const ROUNDS = 7;
/** A hundred thousand take long, and differ little from run to run: one process each, in the last round. */
const MANY = 100_000;
const LIMIT_MS = 240_000;
const COUNTS = [10, 1_000, 10_000, MANY];
const WAYS = [
  ["get", "watched, one handle each"],
  ["list", "watched, by List of their parent"],
  ["cancel", "cancelled, cancelOperations"],
];

export const name = "growth";

export async function measure() {
  const rows = [];
  const samples = {};
  const runsOf = await takeRounds();
  for (const [how, title] of WAYS) {
    const totals = [];
    for (const count of COUNTS) {
      const runs = runsOf.get(`${how}/${count}`);
      const cpuUs = median(runs.map((one) => one.cpuUs));
      const bytes = median(runs.map((one) => one.bytes));
      const { calls } = runs[0];
      totals.push(cpuUs);
      samples[`${how}/${count}/cpu`] = runs.map((one) => one.cpuUs);
      samples[`${how}/${count}/calls`] = [calls];
      rows.push([
        title,
        count.toLocaleString("en-US"),
        (cpuUs / 1000).toFixed(1),
        (cpuUs / count).toFixed(1),
        Math.max(0, bytes / count / 1000).toFixed(2),
        calls.toLocaleString("en-US"),
        slopeOf(totals),
      ]);
    }
  }
  return {
    title: "What it costs as work grows",
    how:
      "one poll, or one cancel, of each operation over a transport that responds at once; heap and buffers after a full collection " +
      `while they are watched; ${ROUNDS} interleaved rounds, a process each, the last alone for 100,000; the median. The slope is that of the CPU time against the row before: 1 is ` +
      "in proportion",
    columns: ["operations", "how many", "CPU ms", "CPU us each", "KB each", "calls", "slope"],
    rows,
    samples,
  };
}

async function takeRounds() {
  const runsOf = new Map(WAYS.flatMap(([how]) => COUNTS.map((count) => [`${how}/${count}`, []])));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const count of COUNTS.filter((count) => count !== MANY || round === ROUNDS)) {
      for (const [how] of WAYS) runsOf.get(`${how}/${count}`).push(await run(how, count));
    }
  }
  return runsOf;
}

async function run(how, count) {
  const child = startProcess("subjects/growth.mjs", [how, String(count)], ["--expose-gc"]);
  const result = await child.next(LIMIT_MS);
  await child.stop();
  return result;
}

/** log-log, between the last two counts. */
function slopeOf(totals) {
  const at = totals.length - 1;
  if (at === 0) return "";
  return (Math.log(totals[at] / totals[at - 1]) / Math.log(COUNTS[at] / COUNTS[at - 1])).toFixed(2);
}
