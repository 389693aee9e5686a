// SPDX-License-Identifier: Apache-2.0
// Many operations, cancelled and waited for in every way that the client has, while the server delays, fails, resets before
// and after it has done what was asked, says GOAWAY, asks to wait, and is frozen and resumed. Its store is the truth: no
// outcome may differ from it.
//
//   node --expose-gc bench/chaos.mjs [--operations 2000] [--batch 500] [--transport rest --transport grpc] [--token]
//
// Prints its figures; exits with 1 for a false outcome, an unhandled rejection, or something that is left open.
import { fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { createOperationsClient, createRestTransport } from "longrunning";
import { googleAuth } from "longrunning/auth";
import { createGrpcTransport } from "longrunning/grpc";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "2000" },
    batch: { type: "string", default: "500" },
    transport: { type: "string", multiple: true, default: ["rest", "grpc"] },
    token: { type: "boolean", default: false },
  },
});
const transports = { grpc: createGrpcTransport, rest: createRestTransport };
const polling = { initialMs: 200, multiplier: 1.5, maxMs: 1_000 };
const SHORTEST_MS = 500;
const LONGEST_MS = 4_000;
/** How often the server is frozen, and for how long. */
const FREEZE_EVERY_MS = 2_000;
const FROZEN_MS = 300;
/** Growth of the heap that is put down to compiled code and caches. */
const MAX_BYTES_LEFT = 6e6;

let wrong = 0;
let unhandled = 0;
process.on("unhandledRejection", () => {
  unhandled += 1;
});

/** The ways to an outcome; each resolves to the state that it reports, or to `undefined` where it claims none. */
const WAYS = {
  cancelOperation: async (operations, name) => {
    await operations.cancelOperation(name);
    return (await operations.operation(name).wait()).state;
  },
  cancelAndWait: async (operations, name) => (await operations.cancelAndWait(name)).state,
  wait: async (operations, name) => (await operations.operation(name).wait()).state,
  watch: async (operations, name) => {
    let last;
    for await (const snapshot of operations.operation(name).watch()) last = snapshot.state;
    return last;
  },
  cancelOperations: async (operations, name) => {
    for await (const report of operations.cancelOperations([name])) {
      if (report.state !== "requested") return undefined;
    }
    return (await operations.operation(name).wait()).state;
  },
};

function check(ok, text) {
  if (!ok) wrong += 1;
  console.log(`  ${ok ? "ok   " : "WRONG"} ${text}`);
}

async function heapBytes() {
  for (let pass = 0; pass < 5; pass++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

/** What keeps this process alive, but for the pipes to servers. */
function openHandles() {
  return process.getActiveResourcesInfo().filter((kind) => !/Pipe|Process|TTY|Immediate/.test(kind));
}

/** Runs one batch against a server of its own. */
async function runBatch(kind, count, figures) {
  const server = fork(
    new URL("./soak/server.mjs", import.meta.url),
    [count, SHORTEST_MS, LONGEST_MS].map(String),
  );
  const [{ baseUrl, names }] = await once(server, "message");
  const interceptors = values.token ? [googleAuth({ auth: async () => "token-of-the-run" })] : [];
  const transport = transports[kind]({ baseUrl, interceptors, defaultTimeoutMs: 5_000 });
  const operations = createOperationsClient({ transport, polling });
  const freezing = setInterval(() => {
    server.kill("SIGSTOP");
    setTimeout(() => server.kill("SIGCONT"), FROZEN_MS);
  }, FREEZE_EVERY_MS);

  const ways = Object.entries(WAYS);
  const reported = await Promise.all(
    names.map(async (name, index) => {
      const [way, run] = ways[index % ways.length];
      try {
        return { way, state: await run(operations, name) };
      } catch (error) {
        return { way, error: error.reason ?? error.name };
      }
    }),
  );
  clearInterval(freezing);
  await new Promise((resolve) => setTimeout(resolve, FROZEN_MS + 50));
  server.kill("SIGCONT");
  server.send("states");
  const [{ states }] = await once(server, "message");
  for (const [index, { way, state, error }] of reported.entries()) {
    figures[way] ??= { outcomes: 0, none: 0, errors: {}, false: 0 };
    const figure = figures[way];
    if (error !== undefined) figure.errors[error] = (figure.errors[error] ?? 0) + 1;
    else if (state === undefined) figure.none += 1;
    else if (state === states[index]) figure.outcomes += 1;
    else figure.false += 1;
  }
  await transport.close();
  server.disconnect();
  await once(server, "exit");
}

async function runAll(kind) {
  const total = Number(values.operations);
  const batch = Number(values.batch);
  console.log(`\n${kind}: ${total} operations, ${batch} at a time${values.token ? ", with a token" : ""}`);
  await runBatch(kind, Math.min(batch, 50), {}); // the code is compiled, the caches are filled
  const heapBefore = await heapBytes();
  const figures = {};
  const startMs = performance.now();
  for (let left = total; left > 0; left -= batch) await runBatch(kind, Math.min(batch, left), figures);
  console.log(`        ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
  for (const [way, { outcomes, none, errors, false: count }] of Object.entries(figures)) {
    check(
      count === 0,
      `${way}: ${outcomes} outcomes as in the store, ${count} others, ${none} without a claim, errors ${JSON.stringify(errors)}`,
    );
  }
  const heapAfter = await heapBytes();
  const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  check(heapAfter - heapBefore < MAX_BYTES_LEFT, `heap ${mb(heapBefore)} before, ${mb(heapAfter)} after`);
  check(openHandles().length === 0, `left open: ${openHandles().join(" ") || "nothing"}`);
  check(unhandled === 0, `${unhandled} unhandled rejections`);
}

for (const kind of values.transport) await runAll(kind);
process.exitCode = wrong === 0 ? 0 : 1;
