// SPDX-License-Identifier: Apache-2.0
import { startProcess } from "../process.mjs";
import { spread } from "../statistics.mjs";

const ROUNDS = 3;
const WATCHED = 10_000;

export const name = "memory";

export async function measure() {
  const held = [];
  const left = [];
  for (let round = 0; round < ROUNDS; round++) {
    const child = startProcess("subjects/watched-memory.mjs", [String(WATCHED)], ["--expose-gc"]);
    const { kilobytes, kilobytesLeft } = await child.next();
    await child.stop();
    held.push(kilobytes);
    left.push(kilobytesLeft);
  }
  return {
    title: "Memory for each watched operation",
    how:
      `${WATCHED.toLocaleString("en-US")} operations, each with its own watch() between two looks and its latest ` +
      `snapshot; heap and buffers after a full collection; ${ROUNDS} processes; median (lowest to highest)`,
    columns: ["when", "KB each"],
    rows: [
      ["watched", spread(held, 2)],
      ["after the watches were returned", spread(left, 2)],
    ],
    samples: { watched: held },
  };
}
