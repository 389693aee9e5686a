// SPDX-License-Identifier: Apache-2.0
// How many cancels a second the emulator serves, against servers that do nothing: `node bench/emulator.mjs [rounds]` on what
// is built. node:http and grpc-js send a constant; the emulator checks Host and Origin, transcodes, looks the operation up and
// records the call. So the ratio is the share of a bare server's speed that is left, and 1 or more is possible only where
// the bare server does more itself, as grpc-js does. One load for both sides, from a process of its own (undici for REST,
// Node's HTTP/2 for gRPC); the sides take turns, and the ratios within each round count, so that what disturbs a round
// disturbs both. The goal is in calls a second. Where the load is what limits, both sides are equally fast; the servers' CPU
// time a call shows their difference all the same, and is printed beside it.
import { createServer } from "node:http";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { startEmulator } from "longrunning/emulator";
import { GRPC_PATH, NAME } from "./contenders/operation.mjs";
import { startProcess } from "./process.mjs";
import { medianRatio, spread } from "./statistics.mjs";

const IN_FLIGHT = 64;
/** Both sides are compiled by then, on a slow machine too. */
const WARM_UP = { minCalls: 20_000, cpuMs: 0, maxMs: 60_000 };
const WINDOW_MS = 1_000;

const CONTESTS = [
  { protocol: "REST", load: "contenders/rest/undici-pool.mjs", bare: "node:http", atLeast: 0.6 },
  { protocol: "gRPC", load: "contenders/grpc/node-http2.mjs", bare: "@grpc/grpc-js", atLeast: 1 },
];

/** The servers; each resolves to its port. */
const SERVERS = {
  emulator: async () => {
    const emulator = await startEmulator();
    const at = NAME.lastIndexOf("/");
    const where = { parent: NAME.slice(0, at), id: NAME.slice(at + 1) };
    emulator.operations.start({ ...where, durationMs: Number.POSITIVE_INFINITY, onCancel: "ignores" });
    return emulator.port;
  },
  "node:http": () =>
    new Promise((resolve) => {
      const server = createServer((request, response) => {
        request.resume();
        response.writeHead(200, { "content-type": "application/json", "content-length": 2 }).end("{}");
      });
      server.listen(0, "127.0.0.1", () => resolve(server.address().port));
    }),
  "@grpc/grpc-js": () =>
    new Promise((resolve, reject) => {
      const server = new Server();
      const nothing = Buffer.alloc(0);
      const cancelOperation = {
        path: GRPC_PATH,
        requestStream: false,
        responseStream: false,
        requestDeserialize: (bytes) => bytes,
        responseSerialize: () => nothing,
      };
      server.addService({ cancelOperation }, { cancelOperation: (_, respond) => respond(null, {}) });
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    }),
};

/** This module as the process of one server: says its port, then its CPU time whenever it is asked. */
async function serve(kind) {
  process.once("disconnect", () => process.exit(0));
  process.on("message", () => process.send(process.cpuUsage()));
  process.send({ port: await SERVERS[kind]() });
}

/** A server and the load on it. */
async function startSide(kind, load) {
  const server = startProcess("emulator.mjs", ["serve", kind]);
  const { port } = await server.next();
  const generator = startProcess("contender.mjs", [load, String(port)]);
  await generator.next();
  const warmUp = () => generator.ask({ inFlight: IN_FLIGHT, ...WARM_UP });
  const run = async (maxMs) => {
    const before = await server.ask({});
    const window = { inFlight: IN_FLIGHT, cpuMs: Number.MAX_SAFE_INTEGER, maxMs };
    const { calls, ms } = await generator.ask(window);
    const after = await server.ask({});
    const cpuUs = after.user + after.system - before.user - before.system;
    return { callsPerSecond: (calls / ms) * 1_000, cpuUsPerCall: cpuUs / calls };
  };
  return { warmUp, run, stop: () => Promise.all([generator.stop(), server.stop()]) };
}

async function hold({ protocol, load, bare, atLeast }, rounds) {
  const sides = [await startSide("emulator", load), await startSide(bare, load)];
  try {
    for (const side of sides) await side.warmUp();
    const windows = [[], []];
    for (let round = 0; round < rounds; round++) {
      // To and fro, so that nobody always goes first.
      for (const at of round % 2 === 0 ? [0, 1] : [1, 0]) windows[at].push(await sides[at].run(WINDOW_MS));
    }
    const [ours, theirs] = windows.map((side) => side.map(({ callsPerSecond }) => callsPerSecond));
    const [ourCpu, theirCpu] = windows.map((side) => side.map(({ cpuUsPerCall }) => cpuUsPerCall));
    const ratio = medianRatio(ours, theirs);
    const cpuRatio = medianRatio(theirCpu, ourCpu);
    const verdict = ratio >= atLeast ? "ok" : "BELOW";
    console.log(`${protocol}, cancels a second, ${IN_FLIGHT} in flight`);
    console.log(`  emulator  ${spread(ours, 0)}; ${spread(ourCpu, 0)} us of CPU a call`);
    console.log(`  ${bare}  ${spread(theirs, 0)}; ${spread(theirCpu, 0)} us of CPU a call`);
    console.log(
      `  ratio ${ratio.toFixed(2)} (at least ${atLeast}: ${verdict}); by CPU time ${cpuRatio.toFixed(2)}`,
    );
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
  }
}

const [first = "7", kind] = process.argv.slice(2);
if (first === "serve") await serve(kind);
else for (const contest of CONTESTS) await hold(contest, Number(first));
