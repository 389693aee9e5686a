// SPDX-License-Identifier: Apache-2.0
import { moduleIn } from "../before.mjs";
import { startProcess } from "../process.mjs";
import { spread } from "../statistics.mjs";

const ROUNDS = 3;
const WATCHED = 10_000;
const SUBJECT = "subjects/watched-memory.mjs";

export const name = "memory";

/** @param {{ before?: string }} options `before`: a checkout of an older commit, whose client is measured as well */
export async function measure({ before }) {
  const held = [];
  const left = [];
  const samples = { watched: held };
  for (let round = 0; round < ROUNDS; round++) {
    const { kilobytes, kilobytesLeft } = await take(SUBJECT);
    held.push(kilobytes);
    left.push(kilobytesLeft);
    if (before === undefined) continue;
    samples.before ??= [];
    samples.before.push((await take(moduleIn(before, `bench/${SUBJECT}`))).kilobytes);
  }
  return {
    title: "Memory for each watched operation",
    how:
      `${WATCHED.toLocaleString("en-US")} operations, each with its own watch() between two polls and its latest ` +
      `snapshot; heap and buffers after a full collection; ${ROUNDS} processes; median (lowest to highest)`,
    columns: ["when", "KB each"],
    rows: [
      ["watched", spread(held, 2)],
      ["after the watches were returned", spread(left, 2)],
      ...(samples.before === undefined ? [] : [["watched, before", spread(samples.before, 2)]]),
    ],
    samples,
  };
}

async function take(subject) {
  const child = startProcess(subject, [String(WATCHED)], ["--expose-gc"]);
  const taken = await child.next();
  await child.stop();
  return taken;
}
