// SPDX-License-Identifier: Apache-2.0
// Contenders against one server, each in a process of its own, in turns: whatever else the machine does strikes all.
import { startProcess, startServer } from "./process.mjs";

/** How many times its CPU time a slice may take on the clock. */
const MAX_SLOWDOWN = 10;

/**
 * A round is many short slices, between which the contenders take turns, so that it lasts long enough for collections of
 * garbage and compilations to even out, and a disturbance still strikes all contenders alike. The first rounds warm up and are
 * left out.
 *
 * @param {object} contest
 * @param {readonly string[] | undefined} contest.server its module and arguments; `undefined` for none
 * @param {readonly { key: string, path: string }[]} contest.contenders
 * @param {readonly { inFlight: number, warmUpRounds: number, slices: number, sliceMs: number }[]} contest.loads `sliceMs` is
 *   CPU time of the contender
 * @returns for each load and contender, `{ key, inFlight, cpuUs: number[], callsPerSecond: number[] }`, by round
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
    for (const { inFlight, warmUpRounds, slices, sliceMs } of loads) {
      const slice = { inFlight, cpuMs: sliceMs, minCalls: 0, maxMs: MAX_SLOWDOWN * sliceMs };
      const totals = [];
      for (let round = 0; round < warmUpRounds + rounds; round++)
        totals.push(await playRound(running, slice, slices));
      for (const { key } of running) {
        const own = totals.slice(warmUpRounds).map((round) => round.get(key));
        const cpuUs = own.map((total) => total.cpuUs / total.calls);
        const callsPerSecond = own.map((total) => (total.calls / total.ms) * 1_000);
        results.push({ key, inFlight, cpuUs, callsPerSecond });
      }
    }
    return results;
  } finally {
    await Promise.all(running.map(({ child }) => child.stop()));
    await server?.stop();
  }
}

/** What each contender did in the slices of one round, added up. */
async function playRound(running, slice, slices) {
  const totals = new Map(running.map(({ key }) => [key, { calls: 0, cpuUs: 0, ms: 0 }]));
  for (let at = 0; at < slices; at++) {
    // To and fro, so that nobody always follows the same neighbour.
    for (const { key, child } of at % 2 === 0 ? running : running.toReversed()) {
      const done = await child.ask(slice);
      const total = totals.get(key);
      for (const name in total) total[name] += done[name];
    }
  }
  return totals;
}
