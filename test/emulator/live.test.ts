// SPDX-License-Identifier: Apache-2.0
import { create, createRegistry } from "@bufbuild/protobuf";
import { anyPack, EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { watchLive } from "../../src/emulator/control/live.js";
import { createEmulatorOperations } from "../../src/emulator/emulator-operations.js";
import { createStore } from "../../src/emulator/operations/store.js";
import { createCallRecord } from "../../src/emulator/record.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { createFakeClock } from "../../src/testing.js";
import { createOpenApiCheck } from "./openapi-check.js";

type Update = Record<string, unknown> & {
  readonly operations?: readonly { readonly name: string; readonly state: string }[];
  readonly calls?: readonly { readonly sequence: number }[];
};

/** Reads updates as a page does, and checks each against the document that is served. */
async function* updatesOf({ baseUrl }: Emulator): AsyncGenerator<Update, void> {
  const document = await (await fetch(`${baseUrl}/emulator/v1/openapi.json`)).json();
  const check = createOpenApiCheck(document as Record<string, unknown>);
  const response = await fetch(`${baseUrl}/emulator/v1/events`);
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const events = (text + chunk).split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      if (!event.startsWith("data: ")) continue;
      const update: unknown = JSON.parse(event.slice("data: ".length));
      expect(check.value(update, "Update")).toEqual([]);
      yield update as Update;
    }
  }
}

async function until(
  updates: AsyncGenerator<Update, void>,
  fits: (update: Update) => boolean,
): Promise<Update> {
  for (;;) {
    const { value } = await updates.next();
    if (value === undefined) throw new Error("the stream ended");
    if (fits(value)) return value;
  }
}

const response = anyPack(EmptySchema, create(EmptySchema));

test("the first update has everything, the next ones what changed", async () => {
  await using emulator = await startEmulator();
  const first = emulator.operations.start({ id: "1", durationMs: Number.POSITIVE_INFINITY });
  await fetch(`${emulator.baseUrl}/v1/${first}`);
  const updates = updatesOf(emulator);
  expect((await updates.next()).value).toMatchObject({
    whole: true,
    totalSize: 1,
    operations: [{ name: first, state: "running", percent: 0 }],
    calls: [{ protocol: "rest", status: "OK" }],
    faults: [],
  });
  const second = emulator.operations.start({ id: "2" });
  emulator.operations.finish(first, { response });
  await fetch(`${emulator.baseUrl}/v1/${second}`);
  const seen = new Map<string, string>();
  const calls: unknown[] = [];
  await until(updates, ({ operations = [], calls: more = [] }) => {
    for (const { name, state } of operations) seen.set(name, state);
    calls.push(...more);
    return seen.size === 2 && calls.length === 1;
  });
  expect([...seen].sort()).toEqual([
    [first, "succeeded"],
    [second, "running"],
  ]);
  await updates.return();
});

test("an end that follows from the time is news, and so is what is removed or goes wrong", async () => {
  const clock = createFakeClock();
  await using emulator = await startEmulator({ clock });
  const timed = emulator.operations.start({ durationMs: 60_000, error: { code: Code.Aborted } });
  const updates = updatesOf(emulator);
  await updates.next();
  await clock.advance(60_000);
  const ended = await until(updates, ({ operations = [] }) => operations.length > 0);
  expect(ended.operations).toMatchObject([{ name: timed, state: "failed" }]);
  const send = (verb: string, path: string, body: object) =>
    fetch(`${emulator.baseUrl}/emulator/v1${path}`, {
      method: verb,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  await send("POST", "/faults", { kind: "reset" });
  const faulty = await until(updates, (update) => "faults" in update);
  expect(faulty.faults).toMatchObject([{ fault: { kind: "reset" } }]);
  await send("POST", ":reset", {});
  const empty = await until(updates, (update) => "removed" in update);
  expect(empty).toMatchObject({ removed: [timed], totalSize: 0, operations: [] });
  await updates.return();
});

test("an update after many starts has the newest operations", async () => {
  await using emulator = await startEmulator();
  const updates = updatesOf(emulator);
  await updates.next();
  for (let at = 0; at < 1_500; at++) emulator.operations.start({ id: `${at}` });
  const many = await until(updates, ({ operations = [] }) => operations.length > 0);
  expect(many).toMatchObject({ whole: true, totalSize: 1_500 });
  expect(many.operations).toHaveLength(1_000);
  expect(many.operations?.at(-1)?.name).toBe("operations/1499");

  await updates.return();
});

test("an update after many calls has the latest, and says how many it left out", async () => {
  const clock = createFakeClock();
  const record = createCallRecord({ maxCalls: 1_000, maxBytes: 1e6, now: clock.now });
  const store = createStore(clock);
  const operations = createEmulatorOperations({
    store,
    registry: createRegistry,
    setUnreachable: () => {},
    saved: () => undefined,
  });
  const call = {
    protocol: "rest",
    method: undefined,
    rawHeaders: [],
    verb: "GET",
    httpVersion: "1.1",
  } as const;
  const sent: Update[] = [];
  let stop = () => {};
  const news = new Promise<void>((resolve) => {
    const send = (update: object) => {
      sent.push(update as Update);
      if ("calls" in update) resolve();
    };
    stop = watchLive({ store, operations, record, clock, faults: () => [] }, { isBehind: false, send });
    for (let at = 0; at < 500; at++) {
      record.end(record.open({ ...call, target: `/${at}` }), { isComplete: true, httpStatus: 200 });
    }
  });
  await news;
  stop();
  const update = sent.at(-1);
  expect(update).toMatchObject({ skippedCalls: 300 });
  expect(update?.calls?.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 200 }, (_, at) => at + 301),
  );
});
