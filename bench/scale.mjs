// SPDX-License-Identifier: Apache-2.0
// A million watched operations in a hundred processes, under a quota, through an outage and a restart of all processes at once:
// clients of this package, as they are, on a simulated clock and against a simulated server.
//
//   node bench/scale.mjs [--update] [--scenario EXPRESSION]
//
// Each handle stands for 2,500, and so does each of its calls; a page of one operation stands for two and a half of 1,000. Nothing
// but the numbers is scaled. `--update` writes the table and the plot into docs/.
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { createOperationsClient } from "longrunning";
import { createRandom, createSimulatedClock } from "./scale/clock.mjs";
import { plot } from "./scale/plot.mjs";
import { createServer } from "./scale/server.mjs";

const MINUTE_MS = 60_000;
const PROCESSES = 100;
const OPERATIONS = 1_000_000;
/** Operations that a handle stands for. */
const SCALE = 2_500;
/** Operations on a page of the real system; here, a page has one. */
const PAGE_SIZE = 1_000;
const QUOTA_PER_MINUTE = 2_400_000;
const HORIZON_MS = 40 * MINUTE_MS;
const BUCKET_MS = 10_000;
const OUTAGE = { fromMs: 10 * MINUTE_MS, untilMs: 20 * MINUTE_MS };
const RESTART_MS = 30 * MINUTE_MS;
/** Operations take this long; one that has ended is followed by another. */
const DURATION_MS = { least: 10 * MINUTE_MS, most: 50 * MINUTE_MS };
/** Processes begin to watch in the first minutes, not at once. */
const START_MS = 5 * MINUTE_MS;

const SHARE_PER_MINUTE = QUOTA_PER_MINUTE / PROCESSES;
const SLOW = { initialMs: 10_000, maxMs: 120_000 };

/** Every scenario: how a process watches, and with which options. `maxRequestsPerMinute` is that of the real system. */
const SCENARIOS = [
  { title: "Get, defaults", by: "get", polling: {} },
  { title: "Get, defaults, no jitter", by: "get", polling: { jitter: 0 } },
  { title: "Get, pauses of up to 2 minutes", by: "get", polling: SLOW },
  { title: "Get, up to 2 minutes, retry: false", by: "get", polling: SLOW, retry: false },
  { title: "Get, defaults, shared budget", by: "get", polling: {}, perMinute: SHARE_PER_MINUTE },
  {
    title: "Get, up to 2 minutes, shared budget, retry: false",
    by: "get",
    polling: SLOW,
    perMinute: SHARE_PER_MINUTE,
    retry: false,
  },
  { title: "List, defaults", by: "list", polling: {} },
  { title: "List, defaults, no jitter", by: "list", polling: { jitter: 0 } },
];

const { values } = parseArgs({
  options: { update: { type: "boolean", default: false }, scenario: { type: "string", default: "" } },
});

Error.stackTraceLimit = 0; // Nobody reads the stacks of half a million errors.

const results = [];
for (const scenario of SCENARIOS.filter(({ title }) => new RegExp(values.scenario).test(title))) {
  const result = await simulate(scenario);
  results.push({ ...scenario, ...result });
  console.error(`${scenario.title}: ${(result.cpuMs / 1000).toFixed(0)} s of CPU time`);
}
const table = toTable(results);
console.log(table);
if (values.update) await update(table);

/** Runs one scenario. */
async function simulate({ by, polling, perMinute, retry = {} }) {
  const startCpu = process.cpuUsage();
  const clock = createSimulatedClock();
  const random = createRandom(20_25);
  const isList = by === "list";
  const server = createServer({
    clock,
    quotaPerMinute: QUOTA_PER_MINUTE,
    outage: OUTAGE,
    horizonMs: HORIZON_MS,
    bucketMs: BUCKET_MS,
    weights: { get: SCALE, page: SCALE / PAGE_SIZE },
  });
  const ends = [];
  let count = 0;
  const startOne = (parent, leastMs) => {
    const name = `${parent}/operations/${count++}`;
    const lasts = leastMs + random() * (DURATION_MS.most - leastMs);
    server.start(parent, name, clock.now() + lasts);
    return name;
  };
  const noticed = (parent, name) => {
    ends.push({ endMs: server.endOf(parent, name), noticedMs: clock.now() });
    server.drop(parent, name);
    return startOne(parent, DURATION_MS.least);
  };

  /** One life of a process. `handlesOf` makes its handles: by name, or from what its predecessor saved. */
  const runProcess = (parent, handlesOf, signal) => {
    const scaled = perMinute === undefined ? {} : { maxRequestsPerMinute: perMinute / SCALE };
    const options = { transport: server.transport, retry, polling: { ...polling, ...scaled }, clock, random };
    const client = createOperationsClient(options);
    const state = new Map();
    const onTransientError = () => undefined;
    const watchByGet = async (handle) => {
      state.set(handle.name, handle);
      try {
        await handle.wait({ signal, onTransientError });
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      state.delete(handle.name);
      void watchByGet(client.operation(noticed(parent, handle.name)));
    };
    const watchByList = async () => {
      try {
        for await (const change of client.watchOperations({
          name: parent,
          pageSize: 1,
          signal,
          onTransientError,
        }))
          if (change.kind === "ended") noticed(parent, change.snapshot.name);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    };
    if (isList) void watchByList();
    else for (const handle of handlesOf(client)) void watchByGet(handle);
    return { save: () => [...state.values()].map((handle) => JSON.stringify(handle)) };
  };

  const lives = Array.from({ length: PROCESSES }, (_, at) => ({ parent: `projects/${at}`, stop: undefined }));
  for (const life of lives) {
    const names = Array.from({ length: OPERATIONS / PROCESSES / SCALE }, () =>
      startOne(life.parent, START_MS),
    );
    life.stop = new AbortController();
    // Processes begin one after the other, each within a moment.
    clock.startTimer(random() * START_MS, () => {
      life.process = runProcess(
        life.parent,
        (client) => names.map((name) => client.operation(name)),
        life.stop.signal,
      );
    });
  }
  await clock.run(RESTART_MS);
  for (const life of lives) {
    const saved = life.process.save();
    life.stop.abort();
    life.stop = new AbortController();
    life.process = runProcess(
      life.parent,
      (client) => saved.map((json) => client.fromJSON(JSON.parse(json))),
      life.stop.signal,
    );
  }
  await clock.run(HORIZON_MS);
  for (const life of lives) life.stop.abort();
  await new Promise(setImmediate);
  const { user, system } = process.cpuUsage(startCpu);
  return { buckets: server.buckets, ends, cpuMs: (user + system) / 1000 };
}

function toTable(rows) {
  const columns = [
    "scenario",
    "sent before the outage, /s",
    "peak, /s",
    "rejected, % of all outside the outage",
    "sent in the outage, /s",
    "an end is noticed after, s: median",
    "99 in 100",
    "all ends of the outage are noticed so long after it, s",
  ];
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map((row) => line(cellsOf(row)))].join("\n");
}

function cellsOf({ title, buckets, ends }) {
  const between = (fromMs, untilMs) => buckets.slice(fromMs / BUCKET_MS, untilMs / BUCKET_MS);
  const rate = (some) =>
    some.reduce((sum, { served, rejected }) => sum + served + rejected, 0) /
    ((some.length * BUCKET_MS) / 1000);
  const outside = [...between(0, OUTAGE.fromMs), ...between(OUTAGE.untilMs, HORIZON_MS)];
  const sent = outside.reduce((sum, { served, rejected }) => sum + served + rejected, 0);
  const rejected = outside.reduce((sum, bucket) => sum + bucket.rejected, 0);
  const peak = Math.max(...buckets.map((bucket) => rate([bucket])));
  // Those that the outage delayed: one that ends within a pause before it is noticed after it, too.
  const isOfOutage = ({ endMs }) => endMs >= OUTAGE.fromMs - SLOW.maxMs && endMs < OUTAGE.untilMs;
  const late = ends
    .filter((end) => !isOfOutage(end))
    .map(({ endMs, noticedMs }) => noticedMs - endMs)
    .sort((a, b) => a - b);
  const lastOfOutageMs = Math.max(...ends.filter(isOfOutage).map(({ noticedMs }) => noticedMs));
  const at = (part) =>
    ((late[Math.min(late.length - 1, Math.floor(part * late.length))] ?? 0) / 1000).toFixed(0);
  const round = (value) => Math.round(value).toLocaleString("en");
  return [
    title,
    round(rate(between(8 * MINUTE_MS, OUTAGE.fromMs))),
    round(peak),
    ((100 * rejected) / sent).toFixed(1),
    round(rate(between(OUTAGE.fromMs, OUTAGE.untilMs))),
    at(0.5),
    at(0.99),
    ((lastOfOutageMs - OUTAGE.untilMs) / 1000).toFixed(0),
  ];
}

async function update(table) {
  const page = new URL("../docs/scale.md", import.meta.url);
  const text = await readFile(page, "utf8");
  const block = /(<!-- begin of the simulation -->\n)[\s\S]*(<!-- end of the simulation -->)/;
  if (!block.test(text)) throw new Error("docs/scale.md has no block for the table");
  await writeFile(
    page,
    text.replace(block, (_, begin, end) => `${begin}\n${table}\n\n${end}`),
  );
  const svg = plot({
    scenarios: results,
    horizonMs: HORIZON_MS,
    outage: OUTAGE,
    restartMs: RESTART_MS,
    quotaPerSecond: QUOTA_PER_MINUTE / 60,
    bucketMs: BUCKET_MS,
  });
  await writeFile(new URL("../docs/images/scale.svg", import.meta.url), svg);
}
