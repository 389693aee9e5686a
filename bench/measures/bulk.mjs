// SPDX-License-Identifier: Apache-2.0
import { startProcess } from "../process.mjs";
import { spread } from "../statistics.mjs";

const ROUNDS = 7;
const COUNTS = [10, 100, 1_000, 10_000, 100_000];
/**
 * A round: how many names at once, how many in all. Those that are compared have the same number in all, so that a collection of
 * garbage weighs the same in both, and the one is in the middle of the other.
 */
const RUNS = [
  [10, 20_000],
  [100, 20_000],
  [10_000, 20_000],
  [1_000, 50_000],
  [100_000, 100_000],
  [1_000, 50_000],
];

export const name = "bulk";

export async function measure() {
  const child = startProcess("subjects/bulk.mjs");
  try {
    await child.next();
    await child.ask({ count: 1_000, times: 100 });
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await takeRound(child));
    const samples = Object.fromEntries(COUNTS.map((count) => [count, rounds.map((us) => us.get(count))]));
    return {
      title: "cancelOperations: cost of one name among many",
      how:
        `over a transport that responds at once, so that the client is what costs; ${ROUNDS} interleaved rounds, each of 20,000 ` +
        "names in all or, for 1,000 and 100,000, as many as 100,000; median (lowest to highest)",
      columns: ["names", "CPU us per name"],
      rows: COUNTS.map((count) => [count.toLocaleString("en-US"), spread(samples[count], 2)]),
      samples,
    };
  } finally {
    await child.stop();
  }
}

/** Microseconds of CPU time for each name, by the number of names at once. */
async function takeRound(child) {
  const cpuUs = new Map(COUNTS.map((count) => [count, 0]));
  for (const [count, names] of RUNS) {
    const done = await child.ask({ count, times: names / count });
    cpuUs.set(count, cpuUs.get(count) + done.cpuUs);
  }
  for (const count of COUNTS) {
    const names = RUNS.filter(([each]) => each === count).reduce((sum, [, each]) => sum + each, 0);
    cpuUs.set(count, cpuUs.get(count) / names);
  }
  return cpuUs;
}
