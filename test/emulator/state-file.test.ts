// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { RunReportMetadataSchema } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { createStore } from "../../src/emulator/operations/store.js";
import { fromStateText, toStateText } from "../../src/emulator/state/state-json.js";
import { startEmulator } from "../../src/emulator.js";
import { createFakeClock } from "../../src/testing.js";
import { directory, runEmulatorProgram } from "./run-emulator-program.js";

const metadata = anyPack(RunReportMetadataSchema, create(RunReportMetadataSchema, { report: "r" }));

const filledStore = () => {
  const store = createStore(createFakeClock({ startMs: 1_000 }));
  store.start({ durationMs: Number.POSITIVE_INFINITY, onCancel: "vanishes", response: "none" });
  store.start({ metadata, percentField: RunReportMetadataSchema.field.percentComplete, response: metadata });
  store.start({
    durationMs: 0,
    error: { code: 9, message: "No\n", details: [metadata] },
    metadata: [{ afterMs: 1, metadata }],
  });
  store.cancel("operations/1");
  store.finish("operations/2", { case: "response", value: metadata });
  store.delete("operations/3");
  return store;
};

test("a store goes to text and back", () => {
  const data = filledStore().data();
  expect(fromStateText(toStateText(data))).toEqual(data);
});

test("a text that is cut off or changed anywhere is refused or read, never anything else", () => {
  const text = toStateText(filledStore().data());
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom("", "x", "\n", "}", '"'), (at, replacement) => {
      try {
        fromStateText(text.slice(0, at) + replacement);
      } catch (error) {
        expect(String(error)).toMatch(/^Error: (line \d+ is not|it has (\d+|two) operations)/);
      }
    }),
  );
});

test("a file that is no state file is refused with its line", async () => {
  const state = join(directory, "foreign.json");
  writeFileSync(state, '{"version": 2}\n');
  await expect(startEmulator({ state })).rejects.toThrow(
    `state file ${state}: not one of an emulator: line 1 is not the head`,
  );
});

/** The text of a state with one operation, in which something is replaced. */
function damaged(path: readonly string[], value: unknown): string {
  const store = createStore(createFakeClock());
  store.start({ durationMs: 5, metadata, percentField: RunReportMetadataSchema.field.percentComplete });
  store.finish("operations/1", { case: "response", value: metadata });
  const lines = toStateText(store.data()).trimEnd().split("\n");
  const [line = "", last = ""] = path;
  const at = line === "head" ? 0 : 1;
  const json: Record<string, Record<string, unknown>> = JSON.parse(lines[at] ?? "");
  const holder = path.length === 3 ? json[last] : json;
  if (holder === undefined) throw new Error("no such field");
  Object.assign(holder, { [path.at(-1) ?? ""]: value });
  lines[at] = JSON.stringify(json);
  return `${lines.join("\n")}\n`;
}

test.each([
  [["head", "nextId"], -1],
  [["head", "nextSequence"], 1.5],
  [["head", "atMs"], null],
  [["record", "name"], "a/../b"],
  [["record", "sequence"], "1"],
  [["record", "startedMs"], -5],
  [["record", "behaviour"], null],
  [["record", "behaviour"], {}],
  [["record", "behaviour", "durationMs"], "5"],
  [["record", "behaviour", "onCancel"], "toString"],
  [["record", "behaviour", "result"], { case: "other" }],
  [["record", "behaviour", "result"], { case: "response", value: {} }],
  [["record", "behaviour", "steps"], [{ afterMs: 0 }]],
  [["record", "behaviour", "steps"], {}],
  [["record", "behaviour", "percent"], { number: 0, wire: "varint" }],
  [["record", "behaviour", "percent"], { number: 2, wire: "bits" }],
  [["record", "finished"], { atMs: 5 }],
  [["record", "deletedMs"], true],
  [["record", "progress"], { percent: 101 }],
])("a state file whose %j is %j is refused at the start", (path, value) => {
  expect(() => fromStateText(damaged(path, value))).toThrow(
    path[0] === "head" ? "line 1 is not the head" : "line 2 is not an operation",
  );
  expect(fromStateText(damaged(["record", "more"], value)).records).toHaveLength(1);
});

test("a state file with an operation twice is refused", () => {
  const [head = "", record = ""] = damaged(["record", "more"], 1).split("\n");
  const text = `${head.replace('"operations":1', '"operations":2')}\n${record}\n${record}\n`;
  expect(() => fromStateText(text)).toThrow("it has two operations of the same name");
});

test("operations survive a restart, and time goes on meanwhile", async () => {
  const state = join(directory, "restart.state");
  const clock = createFakeClock();
  const first = await startEmulator({ state, clock });
  const name = first.operations.start({
    durationMs: 1_000,
    metadata,
    percentField: RunReportMetadataSchema.field.percentComplete,
  });
  const gone = first.operations.start();
  await fetch(`${first.baseUrl}/v1/${gone}`, { method: "DELETE" });
  await first.close();

  await clock.advance(500);
  const second = await startEmulator({ state, clock });
  const read = async () => await (await fetch(`${second.baseUrl}/v1/${name}`)).json();
  expect(await read()).toMatchObject({ metadata: { percentComplete: 50 } });
  expect((await fetch(`${second.baseUrl}/v1/${gone}`)).status).toBe(404);
  expect(second.operations.start()).toBe("operations/3");
  await second.close();
});

test("a file that cannot be written is an error at the start", async () => {
  const state = join(directory, "missing", "state");
  await expect(startEmulator({ state })).rejects.toThrow("cannot be written (ENOENT)");
});

test("while the file cannot be written, calls fail that would change it", async () => {
  const folder = join(directory, "folder");
  mkdirSync(folder);
  await using emulator = await startEmulator({ state: join(folder, "state") });
  const run = async () => {
    const response = await fetch(`${emulator.baseUrl}/v1/networks/1/reports/2:run`, { method: "POST" });
    return [response.status, await response.json()];
  };
  rmSync(folder, { recursive: true });
  const message = "the state file cannot be written (ENOENT)";
  expect(await run()).toEqual([500, { error: expect.objectContaining({ message }) }]);
  mkdirSync(folder);
  expect(await run()).toEqual([
    200,
    expect.objectContaining({ name: "networks/1/operations/reports/runs/2" }),
  ]);
});

interface Listed {
  readonly operations?: readonly { readonly name: string; readonly done?: boolean }[];
  readonly nextPageToken?: string;
}

/** As many as it takes to trust a release, with `npm run test:long`. */
const KILLS = process.env.LONG === undefined ? 6 : 200;

test("after kills at any moment, what was acknowledged is there and nothing else", async () => {
  const state = join(directory, "killed.state");
  const httpRules = [
    { selector: "google.longrunning.Operations.ListOperations", get: "/v1/{name=networks/*}/operations" },
  ];
  const reportRuns = { durationMs: 3_600_000, cancelDelayMs: 0 };
  const started = new Set<string>();
  const cancelled = new Set<string>();
  let sent = 0;
  for (let round = 0; round < KILLS; round++) {
    const emulator = await runEmulatorProgram({ state, httpRules, reportRuns });
    const found = new Map<string, boolean>();
    let pageToken = "";
    do {
      const url = `${emulator.baseUrl}/v1/networks/1/operations?pageSize=1000&pageToken=${pageToken}`;
      const page = (await (await fetch(url)).json()) as Listed;
      for (const { name, done = false } of page.operations ?? []) found.set(name, done);
      pageToken = page.nextPageToken ?? "";
    } while (pageToken !== "");
    expect([...started].filter((name) => !found.has(name))).toEqual([]);
    expect([...cancelled].filter((name) => found.get(name) !== true)).toEqual([]);
    expect(found.size).toBeLessThanOrEqual(sent);

    const worker = async () => {
      for (;;) {
        sent++;
        const run = await fetch(`${emulator.baseUrl}/v1/networks/1/reports/2:run`, { method: "POST" });
        const { name } = (await run.json()) as { name: string };
        started.add(name);
        const cancel = await fetch(`${emulator.baseUrl}/v1/${name}:cancel`, { method: "POST" });
        if ((await cancel.text()) === "{}") cancelled.add(name);
      }
    };
    // Another moment in every round: after so many runs, and so many turns of the event loop more.
    const target = started.size + 1 + ((round * 7) % 60);
    const turns = (round * 131) % 500;
    const workers = Promise.allSettled(Array.from({ length: 8 }, worker));
    while (started.size < target) await new Promise(setImmediate);
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    emulator.process.kill("SIGKILL");
    expect(await emulator.ended).toBe("SIGKILL");
    await workers;
  }
  console.log(`${KILLS} kills, ${started.size} runs and ${cancelled.size} cancels acknowledged, 0 lost`);
  expect(cancelled.size).toBeGreaterThan(20);
}, 3_600_000);
