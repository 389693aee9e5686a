// SPDX-License-Identifier: Apache-2.0
// Watches ten thousand operations at once over one transport while calls fail, connections break and responses are slow,
// and cancels some of them. Every watch must end with what the store has, and leave nothing behind.
//
//   node --expose-gc bench/soak.mjs [--operations 10000] [--transport grpc|rest] [--min-ms 20000] [--max-ms 60000]
//
// Prints its figures; exits with 1 when an outcome is wrong or something is left open. Takes a minute or two for each transport.
import { fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { Code } from "@connectrpc/connect";
import { createOperationsClient, createRestTransport } from "longrunning";
import { createGrpcTransport } from "longrunning/grpc";
import { check, endChecks, heapBytes, mb } from "./soak/checks.mjs";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "10000" },
    transport: { type: "string", multiple: true, default: ["grpc", "rest"] },
    "min-ms": { type: "string", default: "20000" },
    "max-ms": { type: "string", default: "60000" },
  },
});

const transports = { grpc: createGrpcTransport, rest: createRestTransport };
const polling = { initialMs: 5_000, multiplier: 1.2, maxMs: 10_000 };
/** One operation in so many is cancelled while it is watched. */
const CANCEL_EVERY = 5;
/** Growth of the heap that is put down to compiled code and caches: less than half a kilobyte for each operation. */
const MAX_BYTES_LEFT = 4e6;

/** What keeps a process alive, by kind. The pipe to the server's process is always among it. */
function openHandles() {
  const kinds = process
    .getActiveResourcesInfo()
    .filter((kind) => kind !== "PipeWrap" && kind !== "ProcessWrap");
  return kinds.sort().join(" ");
}

/** Watches one operation to its end, and says how it ended and how often it was seen to change. */
async function watch(operations, name, index) {
  const run = operations.operation(name);
  let changes = 0;
  let last;
  for await (const snapshot of run.watch()) {
    changes += 1;
    last = snapshot;
    if (changes === 1 && index % CANCEL_EVERY === 0 && snapshot.state === "running") {
      // A cancel that fails after its retries is no matter here: the outcome is what the store says.
      run.cancel().catch(() => undefined);
    }
  }
  return { state: last.state, changes };
}

/** Watches all operations of a server of its own, and returns the figures. Nothing of the run is kept. */
async function run(kind, count, minMs, maxMs) {
  const server = fork(new URL("./soak/server.mjs", import.meta.url), [count, minMs, maxMs].map(String));
  server.once("exit", (code, signal) => {
    if (server.connected || code === 0) return;
    console.log(`  WRONG the server died: exit status ${code}, signal ${signal}`);
    process.exit(1);
  });
  const [{ baseUrl, names }] = await once(server, "message");
  const transport = transports[kind]({ baseUrl });
  const figures = { calls: 0, failures: {}, heapMax: 0 };
  const counting = {
    ...transport,
    unary: async (...call) => {
      figures.calls += 1;
      try {
        return await transport.unary(...call);
      } catch (error) {
        const code = Code[error.code] ?? error.name;
        figures.failures[code] = (figures.failures[code] ?? 0) + 1;
        throw error;
      }
    },
  };
  const operations = createOperationsClient({ transport: counting, polling });
  const weighing = setInterval(() => {
    figures.heapMax = Math.max(figures.heapMax, process.memoryUsage().heapUsed);
  }, 500);

  const startMs = performance.now();
  const cpuStart = process.cpuUsage();
  const settled = await Promise.allSettled(names.map((name, index) => watch(operations, name, index)));
  figures.seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(cpuStart);
  figures.cpuUs = (user + system) / figures.calls;
  clearInterval(weighing);

  server.send("states");
  const [{ states }] = await once(server, "message");
  figures.threw = settled.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
  figures.differing = settled.filter(
    (one, index) => one.status === "fulfilled" && one.value.state !== states[index],
  ).length;
  figures.ends = {};
  for (const state of states) figures.ends[state] = (figures.ends[state] ?? 0) + 1;

  await transport.close();
  server.disconnect();
  await once(server, "exit");
  return figures;
}

async function soak(kind, count, minMs, maxMs) {
  console.log(`\n${kind}: ${count} operations`);
  // Once with a few: what the first calls compile and cache is no leak.
  await run(kind, 200, 500, 5000);
  const handlesBefore = openHandles();
  const heapBefore = await heapBytes();
  const { calls, failures, heapMax, seconds, cpuUs, threw, differing, ends } = await run(
    kind,
    count,
    minMs,
    maxMs,
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  const heapAfter = await heapBytes();

  check(
    threw.length === 0,
    `${count - threw.length} watches ended, ${threw.length} threw${threw[0] ? `: ${threw[0]}` : ""}`,
  );
  check(
    differing === 0,
    `${count - threw.length - differing} outcomes are the store's, ${differing} are not`,
  );
  console.log(`        ends: ${listed(ends)}`);
  console.log(
    `        ${calls} calls in ${seconds.toFixed(1)} s, ${cpuUs.toFixed(0)} us of CPU each; failed: ${listed(failures)}`,
  );
  const left = heapAfter - heapBefore;
  check(
    left < MAX_BYTES_LEFT,
    `heap ${mb(heapBefore)} before, ${mb(heapMax)} at most, ${mb(heapAfter)} after`,
  );
  check(openHandles() === handlesBefore, `open handles: "${handlesBefore}" before, "${openHandles()}" after`);
}

const listed = (counts) =>
  Object.entries(counts)
    .map(([word, count]) => `${count} ${word}`)
    .join(", ") || "none";

const [count, minMs, maxMs] = [values.operations, values["min-ms"], values["max-ms"]].map(Number);
for (const kind of values.transport) await soak(kind, count, minMs, maxMs);
const failed = endChecks();
console.log(
  failed === 0 ? "\nevery outcome was the store's, and nothing was left behind" : `\n${failed} checks failed`,
);
