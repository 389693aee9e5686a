// SPDX-License-Identifier: Apache-2.0
// Many operations, cancelled, waited for, listed and deleted in every way that the client has, while connections break at
// every stage, calls fail, are delayed, duplicated or cut off after the work is done, certificates change, and the server
// is frozen and resumed. Its store is the truth: nothing that the client reports may differ from it.
//
//   node --expose-gc bench/chaos.mjs [--operations 2000] [--runs 1] [--batch 50] [--lanes 24] [--tls-lanes 24] [--minutes 60]
//     [--token] [--tls 0.5] [--transport rest --transport grpc]
//
// `operations` are those of each transport in each run, `tls` is the part of them that goes over TLS, and `lanes` says how many
// batches run side by side at most: a batch takes three seconds as a rule, and one that meets a lost call fifteen. There are fewer
// while calls end by their deadline, as they do when there is not enough CPU. Prints its progress, the figures of each run, and
// all runs together as a table for BENCHMARKS.md; exits with 1 for a false report, an unhandled rejection, or something that is
// left open. A million operations:
//
//   npm run chaos -- --operations 125000 --runs 4 --minutes 120 --token
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createOperationsClient, createRestTransport, operationsHttpRules } from "longrunning";
import { googleAuth } from "longrunning/auth";
import { createGrpcTransport } from "longrunning/grpc";
import { addFigures, countReport, newFigures, showProgress, summaryOf } from "./chaos/figures.mjs";
import { createPace } from "./chaos/pace.mjs";
import { check, endChecks, heapBytes, mb } from "./soak/checks.mjs";
import { stateOf } from "./soak/outcomes.mjs";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "2000" },
    runs: { type: "string", default: "1" },
    batch: { type: "string", default: "50" },
    lanes: { type: "string", default: "24" },
    "tls-lanes": { type: "string", default: "24" },
    minutes: { type: "string", default: "60" },
    transport: { type: "string", multiple: true, default: ["rest", "grpc"] },
    tls: { type: "string", default: "0.5" },
    token: { type: "boolean", default: false },
  },
});
const polling = { initialMs: 700, multiplier: 1.3, maxMs: 1_500 };
/** How often the server is frozen, and for how long. */
const FREEZE_EVERY_MS = 2_000;
const FROZEN_MS = 300;
/** The part of calls that is sent twice, and the longest that the second one comes after the first. */
const DUPLICATED = 0.02;
const DUPLICATE_AFTER_MS = 300;
const PAGE_SIZE = 10;
const DELETE_EVERY = 5;
/** Growth of the heap that is put down to compiled code and caches. */
const MAX_BYTES_LEFT = 6e6;
const stopMs = performance.now() + Number(values.minutes) * 60_000;

let unhandled = 0;
process.on("unhandledRejection", () => {
  unhandled += 1;
});

const waitFor = (operations, name) => operations.operation(name).wait();

/** The ways to an outcome of one name; each resolves to the state that it reports. */
const WAYS = {
  cancelOperation: async (operations, name) => {
    await operations.cancelOperation(name);
    return (await waitFor(operations, name)).state;
  },
  cancelAndWait: async (operations, name) => (await operations.cancelAndWait(name)).state,
  wait: async (operations, name) => (await waitFor(operations, name)).state,
  watch: async (operations, name) => {
    let last;
    for await (const snapshot of operations.operation(name).watch()) last = snapshot.state;
    return last;
  },
};
/** `cancelOperations` takes many names at once: every fifth of a batch. */
const BULK = "cancelOperations";
const WAY_NAMES = [...Object.keys(WAYS), BULK];

/** What keeps this process alive, but for the pipes to servers. */
function openHandles() {
  return process.getActiveResourcesInfo().filter((kind) => !/Pipe|Process|TTY|Immediate/.test(kind));
}

async function startServer(tls) {
  const server = fork(new URL("./chaos/server.mjs", import.meta.url), tls ? ["tls"] : []);
  const [{ port, ca }] = await once(server, "message");
  const onExit = (code) => {
    throw new Error(`the server ended with ${code}`);
  };
  server.on("exit", onExit);
  const waiting = new Map();
  server.on("message", ({ id, result }) => {
    waiting.get(id)(result);
    waiting.delete(id);
  });
  let asked = 0;
  const ask = (question) =>
    new Promise((resolve) => {
      waiting.set(++asked, resolve);
      server.send({ id: asked, ...question });
    });
  const cpuSeconds = () => ask({ cpu: true });
  const freezing = setInterval(() => {
    server.kill("SIGSTOP");
    setTimeout(() => server.kill("SIGCONT"), FROZEN_MS);
  }, FREEZE_EVERY_MS);
  const stop = async () => {
    clearInterval(freezing);
    await sleep(FROZEN_MS + 50);
    const seconds = await cpuSeconds();
    server.off("exit", onExit);
    server.disconnect();
    await once(server, "exit");
    return seconds;
  };
  return { port, ca, ask, stop };
}

/** Counts the calls, and sends some of them a second time by another transport, as a network or a proxy may. */
const duplicating = (figures, other) => (next) => (request) => {
  const { method, header, message } = request;
  figures.calls[method.name] = (figures.calls[method.name] ?? 0) + 1;
  if (Math.random() < DUPLICATED) {
    figures.duplicates += 1;
    const again = () => other.unary(method, undefined, undefined, header, message).catch(() => undefined);
    if (Math.random() < 0.5) void again();
    else setTimeout(again, Math.random() * DUPLICATE_AFTER_MS);
  }
  return next(request);
};

function connect(kind, { port, ca }, figures) {
  const create = kind === "grpc" ? createGrpcTransport : createRestTransport;
  const auth = values.token ? [googleAuth({ auth: async () => "token-of-the-run" })] : [];
  const transportOf = (interceptors) =>
    create({
      baseUrl: `${ca === undefined ? "http" : "https"}://localhost:${port}`,
      interceptors,
      defaultTimeoutMs: 15_000,
      ...(ca !== undefined && { tls: { ca } }),
      ...(kind === "rest" && { httpRules: operationsHttpRules({ prefix: "/v1" }) }),
    });
  const other = transportOf([]);
  const transport = transportOf([...auth, duplicating(figures, other)]);
  const close = async () => {
    await transport.close();
    await sleep(DUPLICATE_AFTER_MS); // the last second calls have begun
    await other.close();
  };
  return { transport, close };
}

/** Runs the ways of a batch side by side: for each name its way and what it reports, `state` or `error`. */
async function reportsOf(clients, names) {
  const reports = names.map((name, index) => ({ name, way: WAY_NAMES[index % WAY_NAMES.length] }));
  const one = async (report, index) => {
    const operations = clients[Math.floor(index / WAY_NAMES.length) % 2];
    try {
      report.state = await WAYS[report.way](operations, report.name);
    } catch (error) {
      report.error = error.reason ?? error.name;
    }
  };
  const many = async (chosen) => {
    const byName = new Map(chosen.map((report) => [report.name, report]));
    for await (const { name, state, error } of clients[0].cancelOperations([...byName.keys()], {
      wait: true,
    })) {
      if (state === "error") byName.get(name).error = error.reason ?? error.name;
      else byName.get(name).state = state;
    }
  };
  await Promise.all([
    ...reports.map((report, index) => (report.way === BULK ? undefined : one(report, index))),
    many(reports.filter(({ way }) => way === BULK)),
  ]);
  return reports;
}

/** A list must have each operation once, and as the store has it. */
async function checkList(operations, parent, truth, figures) {
  const seen = new Map();
  try {
    for await (const operation of operations.listOperations({ name: parent, pageSize: PAGE_SIZE })) {
      const right = !seen.has(operation.name) && truth.has(operation.name);
      seen.set(operation.name, operation);
      const state = stateOf(operation);
      countReport(
        figures,
        { way: "listOperations", state },
        right && state !== "running" ? truth.get(operation.name) : state,
      );
    }
    if (seen.size !== truth.size) figures.ways.listOperations.false += 1;
  } catch (error) {
    countReport(figures, { way: "listOperations", error: error.reason ?? error.name });
  }
}

async function deleteSome(operations, server, names, figures) {
  const reports = await Promise.all(
    names.map(async (name) => {
      try {
        await operations.deleteOperation(name);
        return { way: "deleteOperation", state: true };
      } catch (error) {
        return { way: "deleteOperation", error: error.reason ?? error.name };
      }
    }),
  );
  const states = await server.ask({ states: names });
  for (const [index, report] of reports.entries()) countReport(figures, report, states[index].deleted);
}

/** @returns how many of its operations ended by the deadline of a call */
async function runBatch(server, clients, parent, count, figures) {
  const names = await server.ask({ start: { parent, count } });
  const reports = await reportsOf(clients, names);
  const states = await server.ask({ states: names });
  for (const [index, report] of reports.entries()) countReport(figures, report, states[index].state);
  const truth = new Map(names.map((name, index) => [name, states[index].state]));
  await checkList(clients[0], parent, truth, figures);
  await deleteSome(
    clients[0],
    server,
    names.filter((_, index) => index % DELETE_EVERY === 0),
    figures,
  );
  return reports.filter(({ error }) => error === "deadline-exceeded").length;
}

let batches = 0;

async function runServer(kind, tls, total, figures) {
  const server = await startServer(tls);
  const { transport, close } = connect(kind, server, figures);
  const clients = [false, true].map((useServerWait) =>
    createOperationsClient({ transport, polling: { ...polling, useServerWait } }),
  );
  let left = total;
  const lanes = tls ? Number(values["tls-lanes"]) : Number(values.lanes);
  const pace = createPace(lanes);
  const lane = async () => {
    for (;;) {
      await pace.enter();
      if (left <= 0 || performance.now() >= stopMs) return pace.leave(0);
      const count = Math.min(left, Number(values.batch));
      left -= count;
      figures.operations += count;
      const late = await runBatch(server, clients, `projects/${++batches}`, count, figures);
      pace.leave(late / count);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await close();
  figures.serverSeconds += await server.stop();
}

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function runAll(kind) {
  for (const tls of [false, true]) await runServer(kind, tls, 200, newFigures()); // the code is compiled, the caches are filled
  const heapBefore = await heapBytes();
  const figures = newFigures();
  const startMs = performance.now();
  const startSeconds = cpuSeconds();
  const stopProgress = showProgress(kind, figures);
  const overTls = Math.round(Number(values.operations) * Number(values.tls));
  await Promise.all([
    runServer(kind, false, Number(values.operations) - overTls, figures),
    runServer(kind, true, overTls, figures),
  ]);
  stopProgress();
  figures.seconds = (performance.now() - startMs) / 1_000;
  figures.clientSeconds = cpuSeconds() - startSeconds;
  const { operations, seconds, clientSeconds, serverSeconds } = figures;
  console.log(
    `\n${kind}: ${operations} operations${values.token ? ", with a token" : ""}, ${seconds.toFixed(0)} s, ` +
      `${(operations / seconds).toFixed(0)} a second; CPU ${clientSeconds.toFixed(0)} s, of the servers ${serverSeconds.toFixed(0)} s`,
  );
  console.log(`        calls ${JSON.stringify(figures.calls)}, ${figures.duplicates} of them sent twice`);
  for (const [way, { right, false: others, errors }] of Object.entries(figures.ways)) {
    check(
      others === 0,
      `${way}: ${right} as in the store, ${others} others, errors ${JSON.stringify(errors)}`,
    );
  }
  const heapAfter = await heapBytes();
  check(heapAfter - heapBefore < MAX_BYTES_LEFT, `heap ${mb(heapBefore)} before, ${mb(heapAfter)} after`);
  check(openHandles().length === 0, `left open: ${openHandles().join(" ") || "nothing"}`);
  check(unhandled === 0, `${unhandled} unhandled rejections`);
  return figures;
}

const totals = {};
for (let run = 1; run <= Number(values.runs); run++) {
  for (const kind of values.transport)
    totals[kind] = addFigures(totals[kind] ?? newFigures(), await runAll(kind));
}
console.log(`\n${summaryOf(totals)}`);
endChecks();
