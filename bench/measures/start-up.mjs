// SPDX-License-Identifier: Apache-2.0
// One fresh process for each sample: nobody's files are warmer than another's, since the rounds are interleaved.
import { startProcess } from "../process.mjs";
import { spread } from "../statistics.mjs";

const ROUNDS = 7;

/**
 * Runs every subject twice a round, to and fro, after one run that only warms the disk.
 *
 * @param {string} process the module to run
 * @param {readonly { key: string, title: string, args: readonly string[] }[]} subjects those that are compared are neighbours
 */
export async function measureStarts(process, subjects) {
  const wall = new Map(subjects.map(({ key }) => [key, []]));
  const cpu = new Map(subjects.map(({ key }) => [key, []]));
  for (const subject of subjects) await takeSample(process, subject);
  for (let round = 0; round < ROUNDS; round++) {
    const there = [];
    for (const subject of subjects) there.push(await takeSample(process, subject));
    for (const [at, subject] of [...subjects.entries()].toReversed()) {
      const back = await takeSample(process, subject);
      wall.get(subject.key).push((there[at].ms + back.ms) / 2);
      cpu.get(subject.key).push((there[at].cpuMs + back.cpuMs) / 2);
    }
  }
  return {
    how: `${ROUNDS} interleaved rounds, in each two processes, to and fro; median (lowest to highest)`,
    rows: subjects.map(({ key, title }) => [title, spread(wall.get(key), 0), spread(cpu.get(key), 0)]),
    samples: Object.fromEntries(subjects.map(({ key }) => [key, cpu.get(key)])),
  };
}

async function takeSample(process, { args }) {
  const child = startProcess(process, args);
  const sample = await child.next();
  await child.stop();
  return sample;
}
