// SPDX-License-Identifier: Apache-2.0
// One fresh process for each sample: nobody's files are warmer than another's, since the rounds are interleaved.
import { startProcess } from "../process.mjs";
import { spread } from "../statistics.mjs";

const ROUNDS = 7;

/**
 * Runs every subject once a round, after one round that only warms the disk.
 *
 * @param {readonly { key: string, title: string, args: readonly string[] }[]} subjects
 * @param {string} process the module to run
 */
export async function measureStarts(process, subjects) {
  const wall = new Map(subjects.map(({ key }) => [key, []]));
  const cpu = new Map(subjects.map(({ key }) => [key, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { key, args } of subjects) {
      const child = startProcess(process, args);
      const { ms, cpuMs } = await child.next();
      await child.stop();
      if (round === 0) continue;
      wall.get(key).push(ms);
      cpu.get(key).push(cpuMs);
    }
  }
  return {
    how: `${ROUNDS} interleaved rounds, a process each; median (lowest to highest)`,
    rows: subjects.map(({ key, title }) => [title, spread(wall.get(key), 0), spread(cpu.get(key), 0)]),
    samples: Object.fromEntries(subjects.map(({ key }) => [key, cpu.get(key)])),
  };
}
