// SPDX-License-Identifier: Apache-2.0

/** CPU time in milliseconds: a busy machine does not stretch it. */
async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** What work of four times the size may cost beside eight times as much: what is compiled and collected meanwhile. */
const SPARE_MS = 200;

/**
 * Checks that the cost of some work grows with its size, and not with the square of that. Not left to the timeout of a test: one
 * that blocks is over before that is looked at. Choose a size whose square costs half a second.
 */
export async function expectLinear(size: number, work: (size: number) => unknown): Promise<void> {
  await work(Math.ceil(size / 4)); // compiles it
  const once = await cpuMs(() => work(size));
  const fourfold = await cpuMs(() => work(4 * size));
  expect({ once, fourfold, isLinear: fourfold < 8 * once + SPARE_MS }).toMatchObject({ isLinear: true });
}
