// SPDX-License-Identifier: Apache-2.0
import { startProcess } from "../process.mjs";
import { median, spread } from "../statistics.mjs";

const ROUNDS = 5;
/** The shortest name has to reach beyond `operations/`. */
const LENGTHS = [12, 100, 1_000, 10_000, 100_000];
/** Characters in one sample, about. */
const CHARACTERS = 2_000_000;
const MAX_CALLS = 10_000;

export const name = "names";

export async function measure() {
  const child = startProcess("subjects/name-length.mjs");
  try {
    await child.next();
    await child.ask({ length: 100, times: 20_000 });
    const taken = new Map(LENGTHS.map((length) => [length, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const length of LENGTHS) {
        const times = Math.min(MAX_CALLS, Math.ceil(CHARACTERS / length));
        const { cpuUs } = await child.ask({ length, times });
        taken.get(length).push(cpuUs);
      }
    }
    const perCharacter = (length) => ((median(taken.get(length)) * 1000) / length).toFixed(1);
    return {
      title: "A cancel over REST by the length of its name",
      how: `client and transport, with an HTTP engine that responds at once; ${ROUNDS} interleaved rounds; median (lowest to highest)`,
      columns: ["characters", "CPU us per call", "ns per character"],
      rows: LENGTHS.map((length) => [
        length.toLocaleString("en-US"),
        spread(taken.get(length), 1),
        perCharacter(length),
      ]),
      samples: Object.fromEntries(taken),
    };
  } finally {
    await child.stop();
  }
}
