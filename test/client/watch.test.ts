// SPDX-License-Identifier: Apache-2.0
import { create, createRegistry } from "@bufbuild/protobuf";
import { type Any, type Struct, StructSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Snapshot, WaitTimeoutError } from "../../src/index.js";
import { createCountingSignal } from "./counting-signal.js";
import { NAME, never, running, setUp, succeeded, unavailable } from "./scripted-server.js";

async function readAll<T>(snapshots: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
  for await (const snapshot of snapshots) into.push(snapshot);
  return into;
}

test("gives each change once and the end last", async () => {
  const { clock, server, run } = setUp({
    GetOperation: [running(0), running(0), running(50), running(50), succeeded()],
  });
  const read = readAll(run.watch());
  await clock.advance(20_000);
  const seen = await read;
  expect(seen.map((one) => [one.state, one.metadata?.percentComplete])).toEqual([
    ["running", 0],
    ["running", 50],
    ["succeeded", 100],
  ]);
  expect(server.calls).toHaveLength(5);
  expect(clock.pending).toEqual([]);
});

test("compares by value, whatever the order in which a map was packed", async () => {
  // The same struct {a: null, b: null}, its entries in either order.
  const entry = (key: number) => [0x0a, 0x07, 0x0a, 0x01, key, 0x12, 0x02, 0x08, 0x00];
  const packed = (...keys: number[]): Any => ({
    $typeName: "google.protobuf.Any",
    typeUrl: "type.googleapis.com/google.protobuf.Struct",
    value: new Uint8Array(keys.flatMap(entry)),
  });
  const { clock, server, client } = setUp(
    {
      GetOperation: [
        { name: NAME, metadata: packed(0x61, 0x62) },
        { name: NAME, metadata: packed(0x62, 0x61) },
        { name: NAME, metadata: packed(0x61) },
        { name: NAME, done: true },
      ],
    },
    { registry: createRegistry(StructSchema) },
  );
  const read = readAll(client.operation(NAME, { metadata: StructSchema }).watch());
  await clock.advance(20_000);
  const keys = (await read).map(({ metadata }) =>
    Object.keys((metadata as Struct | undefined)?.fields ?? {}),
  );
  expect(keys).toEqual([["a", "b"], ["a"], []]);
  expect(server.calls).toHaveLength(4);
  expect(create(StructSchema).$typeName).toBe("google.protobuf.Struct");
});

test("sends nothing before it is read", async () => {
  const { clock, server, run } = setUp({ GetOperation: running() });
  run.watch();
  await clock.advance(10_000);
  expect(server.calls).toHaveLength(0);
});

test("stops polling when the loop over it is left", async () => {
  const { clock, server, run } = setUp({ GetOperation: running() });
  const caller = createCountingSignal();
  for await (const snapshot of run.watch({ signal: caller.signal, timeoutMs: 60_000 })) {
    expect(snapshot.state).toBe("running");
    break;
  }
  await clock.advance(60_000);
  expect(server.calls).toHaveLength(1);
  expect(clock.pending).toEqual([]);
  expect(caller.listeners).toBe(0);
});

test("stops polling when it is returned while a reader waits, and ends that reader", async () => {
  const { clock, server, run } = setUp({ GetOperation: never });
  const watch = run.watch();
  const next = watch.next();
  await clock.advance(0);
  expect(server.underWay).toBe(1);
  await watch.return?.();
  expect(await next).toEqual({ done: true, value: undefined });
  await clock.advance(0);
  expect(server.underWay).toBe(0);
});

test("gives a slow reader the latest, and the end", async () => {
  const { clock, run } = setUp({ GetOperation: [running(1), running(2), running(3), succeeded()] });
  const watch = run.watch();
  expect((await watch.next()).value?.metadata?.percentComplete).toBe(1);
  await clock.advance(2500);
  expect((await watch.next()).value?.metadata?.percentComplete).toBe(3);
  await clock.advance(100_000);
  expect((await watch.next()).value?.state).toBe("succeeded");
  expect((await watch.next()).done).toBe(true);
  expect((await watch.next()).done).toBe(true);
});

test("begins with what is known, and with the end alone once that is known", async () => {
  const { clock, server, run } = setUp({ GetOperation: [running(7), succeeded()] });
  await run.poll();
  const watch = run.watch();
  expect((await watch.next()).value?.metadata?.percentComplete).toBe(7);
  const end = watch.next();
  await clock.advance(1000);
  expect((await end).value?.state).toBe("succeeded");
  const states = (await readAll(run.watch())).map((one) => one.state);
  expect(states).toEqual(["succeeded"]);
  expect(server.calls).toHaveLength(2);
});

test("goes on after a poll that failed for the moment, without a word", async () => {
  const { clock, run } = setUp({ GetOperation: [running(), unavailable(), succeeded()] });
  const read = readAll(run.watch());
  await clock.advance(10_000);
  expect((await read).map((one) => one.state)).toEqual(["running", "succeeded"]);
});

test("throws the error of a poll that failed for good, after what was seen", async () => {
  const { clock, run } = setUp({ GetOperation: [running(), new ConnectError("gone", Code.NotFound)] });
  const seen: Snapshot<unknown, unknown>[] = [];
  const read = expect(readAll<Snapshot<unknown, unknown>>(run.watch(), seen)).rejects.toMatchObject({
    reason: "not-found",
  });
  await clock.advance(10_000);
  await read;
  expect(seen.map((one) => one.state)).toEqual(["running"]);
});

test("throws when its time is up, and when its caller gives up", async () => {
  const { clock, run } = setUp({ GetOperation: running() });
  const late = expect(readAll(run.watch({ timeoutMs: 5000 }))).rejects.toBeInstanceOf(WaitTimeoutError);
  const controller = new AbortController();
  const aborted = expect(readAll(run.watch({ signal: controller.signal }))).rejects.toMatchObject({
    reason: "aborted-by-caller",
  });
  await clock.advance(4000);
  controller.abort();
  await aborted;
  await clock.advance(1000);
  await late;
  expect(clock.pending).toEqual([]);
});

test("gives nothing more once its caller has given up, not even what was seen before", async () => {
  const { clock, run } = setUp({ GetOperation: [running(1), running(2)] });
  const controller = new AbortController();
  const watch = run.watch({ signal: controller.signal });
  await watch.next();
  await clock.advance(1000);
  controller.abort();
  await expect(watch.next()).rejects.toMatchObject({ reason: "aborted-by-caller" });
  expect((await watch.next()).done).toBe(true);
});

test("sends nothing for a signal that is aborted already", async () => {
  const { server, run } = setUp({ GetOperation: running() });
  await expect(run.watch({ signal: AbortSignal.abort() }).next()).rejects.toMatchObject({
    requestSent: false,
  });
  expect(server.calls).toHaveLength(0);
});

test("serves readers who do not wait for each other in their order", async () => {
  const { clock, run } = setUp({ GetOperation: [running(1), running(2), succeeded()] });
  const watch = run.watch();
  const reads = [watch.next(), watch.next(), watch.next(), watch.next()];
  await clock.advance(10_000);
  const results = await Promise.all(reads);
  expect(results.map(({ value }) => value?.metadata?.percentComplete)).toEqual([1, 2, 100, undefined]);
});

test.each([false, true])("a closed iterator stays closed, read before: %p", async (readBefore) => {
  const { clock, server, run } = setUp({ GetOperation: running() });
  const watch = run.watch();
  if (readBefore) await watch.next();
  await watch.return?.();
  for (let read = 0; read < 3; read++) expect(await watch.next()).toEqual({ done: true, value: undefined });
  await clock.advance(60_000);
  expect(server.calls).toHaveLength(readBefore ? 1 : 0);
  expect(clock.pending).toEqual([]);
});

test("a handle is iterated like its watch()", async () => {
  const { clock, run } = setUp({ GetOperation: [running(), succeeded()] });
  const read = readAll(run);
  await clock.advance(1000);
  expect((await read).map((one) => one.state)).toEqual(["running", "succeeded"]);
});
