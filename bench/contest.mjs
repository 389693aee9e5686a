// SPDX-License-Identifier: Apache-2.0
// Contenders against one server, each in a process of its own, in turns: whatever else the machine does strikes all.
import { startProcess, startServer } from "./process.mjs";

/** How much longer than its CPU time a window may take on the clock. */
const LONGEST = 3;
/** The longest warm-up on the clock, in milliseconds. */
const LONGEST_WARM_UP_MS = 6_000;

/**
 * Windows are in milliseconds of the contender's CPU time. A warm-up is as many calls as it takes until the code is
 * compiled, which for the slower clients is several seconds.
 *
 * @param {object} contest
 * @param {readonly string[] | undefined} contest.server its module and arguments; `undefined` for none
 * @param {readonly { key: string, path: string }[]} contest.contenders
 * @param {readonly { inFlight: number, warmUpMs: number, warmUpCalls: number, windowMs: number }[]} contest.loads
 * @returns for each load and contender, `{ key, inFlight, cpuUs: number[], callsPerSecond: number[] }`
 */
export async function holdContest({ server: command, contenders, loads, rounds }) {
  const server = command && (await startServer(...command));
  const running = [];
  try {
    for (const { key, path } of contenders) {
      const child = startProcess("contender.mjs", [path, String(server?.port ?? 0)]);
      running.push({ key, child });
      await child.next();
    }
    const results = [];
    for (const { inFlight, warmUpMs, warmUpCalls, windowMs } of loads) {
      const warmUp = { inFlight, cpuMs: warmUpMs, leastCalls: warmUpCalls, longestMs: LONGEST_WARM_UP_MS };
      const window = { inFlight, cpuMs: windowMs, leastCalls: 0, longestMs: LONGEST * windowMs };
      for (const { child } of running) await child.ask(warmUp);
      const windows = await takeTurns(running, window, rounds);
      for (const { key } of running) {
        const cpuUs = windows.get(key).map((window) => window.cpuUs);
        const callsPerSecond = windows.get(key).map((window) => window.callsPerSecond);
        results.push({ key, inFlight, cpuUs, callsPerSecond });
      }
    }
    return results;
  } finally {
    await Promise.all(running.map(({ child }) => child.stop()));
    await server?.stop();
  }
}

async function takeTurns(running, window, rounds) {
  const windows = new Map(running.map(({ key }) => [key, []]));
  for (let round = 0; round < rounds; round++) {
    // To and fro, so that nobody always follows the same neighbour.
    for (const { key, child } of round % 2 === 0 ? running : running.toReversed()) {
      windows.get(key).push(await child.ask(window));
    }
  }
  return windows;
}
