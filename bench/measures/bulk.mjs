// SPDX-License-Identifier: Apache-2.0
import { startProcess } from "../process.mjs";
import { spread } from "../statistics.mjs";

const ROUNDS = 7;
const COUNTS = [10, 100, 1_000, 10_000, 100_000];
/** Names in one sample at least: a few would measure the clock. */
const LEAST_NAMES = 20_000;

export const name = "bulk";

export async function measure() {
  const child = startProcess("subjects/bulk.mjs");
  try {
    await child.next();
    await child.ask({ count: 1_000, times: 50 });
    const taken = new Map(COUNTS.map((count) => [count, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const count of COUNTS) {
        const { cpuUs } = await child.ask({ count, times: Math.ceil(LEAST_NAMES / count) });
        taken.get(count).push(cpuUs);
      }
    }
    return {
      title: "cancelOperations: cost of one name among many",
      how:
        `over a transport that answers at once, so that the client is what costs; ${ROUNDS} interleaved rounds; ` +
        "median (lowest to highest)",
      columns: ["names", "CPU us per name"],
      rows: COUNTS.map((count) => [count.toLocaleString("en-US"), spread(taken.get(count), 2)]),
      samples: Object.fromEntries(taken),
    };
  } finally {
    await child.stop();
  }
}
