// SPDX-License-Identifier: Apache-2.0
import { create, createRegistry } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Code, createRouterTransport, type Interceptor } from "@connectrpc/connect";
import { AdManagerErrorSchema } from "../../gen/google/ads/admanager/v1/admanager_error_pb.js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import {
  AD_MANAGER_HTTP_RULES,
  type AdManagerClientOptions,
  createAdManagerClient,
} from "../../src/admanager.js";
import { startEmulator } from "../../src/emulator.js";
import {
  type CancelReport,
  createRestTransport,
  type OperationHandle,
  type OperationsClient,
} from "../../src/index.js";
import { createFakeClock } from "../../src/testing.js";
import { createDriver } from "../client/drive.js";
import { createScriptedServer, NAME } from "../client/scripted-server.js";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function setUp(options: AdManagerClientOptions = {}) {
  const clock = createFakeClock({ startMs: Date.UTC(2026, 0, 1) + 0.567 });
  const emulator = await startEmulator({ clock, reportRuns: { durationMs: 60_000, cancelDelayMs: 1000 } });
  closing.push(() => emulator.close());
  const client = createAdManagerClient({ baseUrl: emulator.baseUrl, clock, ...options });
  closing.push(() => client.close());
  return { clock, emulator, client };
}

test("starts a run, follows it, cancels it, and knows what came of it", async () => {
  const clock = createFakeClock({ startMs: Date.UTC(2026, 0, 1) + 0.567 });
  const emulator = await startEmulator({ clock, reportRuns: { durationMs: 60_000, cancelDelayMs: 1000 } });
  closing.push(() => emulator.close());
  const rest = createRestTransport({ baseUrl: emulator.baseUrl, httpRules: AD_MANAGER_HTTP_RULES });
  closing.push(() => rest.close());
  const driver = createDriver(rest, clock);
  const client = createAdManagerClient({ transport: driver.transport, clock });

  const run = await client.runReport("networks/123/reports/789");
  expect(run.name).toMatch(/^networks\/123\/operations\/reports\/runs\/[^/]+$/);
  const watch = run.watch();
  expect((await watch.next()).value).toMatchObject({ state: "running", metadata: { percentComplete: 0 } });
  expect((await driver.until(watch.next())).value?.metadata?.percentComplete).toBeGreaterThan(0);
  await watch.return?.();

  const outcome = await driver.until(client.cancelAndWait(run.name, { timeoutMs: 120_000 }));
  expect(outcome).toMatchObject({
    state: "cancelled",
    error: { code: 1 },
    metadata: { report: "networks/123/reports/789" },
  });
  const resumed = client.fromJSON(JSON.parse(JSON.stringify(run)));
  expect(await resumed.wait()).toMatchObject({ state: "cancelled" });
  const cancels = emulator.calls.filter((call) => call.method?.endsWith("CancelOperation"));
  expect(cancels.map((call) => call.requestLine)).toEqual([`POST /v1/${run.name}:cancel HTTP/1.1`]);
});

test("makes its own transport for a base URL, with the interceptors around every call", async () => {
  const seen: string[] = [];
  const naming: Interceptor = (next) => (request) => {
    seen.push(request.method.name);
    return next(request);
  };
  const { client } = await setUp({ interceptors: [naming] });
  const run = await client.runReport("networks/123/reports/789");
  await client.cancelOperation(run.name);
  expect((await run.poll()).state).toBe("running");
  expect(seen).toEqual(["RunReport", "CancelOperation", "GetOperation"]);
});

test("has no list, no delete and no wait, and says so without sending anything", async () => {
  const { client: adManager, emulator } = await setUp();
  // By its types it has none of them: this is what a program in JavaScript calls.
  const client = adManager as typeof adManager & OperationsClient;
  const name = emulator.operations.start({ parent: "networks/123/operations/reports/runs" });
  const calls: (() => Promise<unknown>)[] = [
    () => client.listOperations({ name: "networks/123" })[Symbol.asyncIterator]().next(),
    () => client.deleteOperation(name),
    () => client.waitOperation(name),
    () => client.operation(name).delete(),
    () => client.raw.listOperations({ name: "networks/123" }),
  ];
  for (const call of calls) {
    await expect(call()).rejects.toMatchObject({
      code: Code.Unimplemented,
      reason: "unimplemented",
      requestSent: false,
      message: expect.stringContaining("Ad Manager has no such method"),
    });
  }
  expect(emulator.calls).toEqual([]);
});

test("refuses the name of anything but a report's run, naming the pattern", async () => {
  const { client, emulator } = await setUp();
  for (const name of ["operations/1", "networks/1/operations/reports/exports/2", "networks/1/reports/2"]) {
    await expect(client.cancelOperation(name)).rejects.toMatchObject({
      code: Code.InvalidArgument,
      requestSent: false,
      message: expect.stringContaining("networks/*/operations/reports/runs/*"),
    });
  }
  expect(emulator.calls).toEqual([]);
});

test("looks every 5 seconds at first where the polling says nothing else", async () => {
  const clock = createFakeClock();
  const server = createScriptedServer(clock, { GetOperation: { name: NAME } });
  const pausesOf = async (options: AdManagerClientOptions) => {
    const client = createAdManagerClient({ transport: server.transport, clock, random: () => 0, ...options });
    const before = server.calls.length;
    const wait = expect(client.operation(NAME).wait({ timeoutMs: 30_000 })).rejects.toThrow(
      "timed out after",
    );
    await clock.advance(30_000);
    await wait;
    const times = server.calls.slice(before).map((call) => call.atMs);
    return times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
  };
  // The last pause is cut, so that a poll fits in before the time is up.
  expect(await pausesOf({})).toEqual([5000, 7500, 11250, 5250]);
  expect(await pausesOf({ polling: { multiplier: 1 } })).toEqual([5000, 5000, 5000, 5000, 5000, 4000]);
});

test("sees a run of 45 seconds end within a wait of 60", async () => {
  const clock = createFakeClock();
  const startMs = clock.now();
  const server = createScriptedServer(clock, {
    GetOperation: () => ({ name: NAME, done: clock.now() - startMs >= 45_000 }),
  });
  const client = createAdManagerClient({ transport: server.transport, clock, random: () => 0 });
  const wait = client.operation(NAME).wait({ timeoutMs: 60_000 });
  await clock.advance(60_000);
  expect(await wait).toMatchObject({ state: "succeeded" });
});

test("falls back to looks when it is asked to have the server wait", async () => {
  const clock = createFakeClock();
  const server = createScriptedServer(clock, { GetOperation: { name: NAME, done: true } });
  const client = createAdManagerClient({
    transport: server.transport,
    clock,
    polling: { useServerWait: true },
  });
  expect(await client.operation(NAME).wait()).toMatchObject({ state: "succeeded" });
  expect(server.times).toEqual(["GetOperation@0"]);
});

test("cancels many runs at once", async () => {
  const { client, emulator } = await setUp();
  const parent = "networks/123/operations/reports/runs";
  const names = Array.from({ length: 5 }, () => emulator.operations.start({ parent }));
  const reports: CancelReport[] = [];
  for await (const report of client.cancelOperations(names)) reports.push(report);
  expect(reports.map(({ state }) => state)).toEqual(Array(5).fill("requested"));
});

test("a call of another service goes through as it is", async () => {
  const transport = createRouterTransport(({ service }) =>
    service(Operations, { getOperation: () => ({ name: NAME }) }),
  );
  const run: OperationHandle<unknown, unknown> = createAdManagerClient({ transport }).operation(NAME);
  expect((await run.poll()).name).toBe(NAME);
});

test.each<[object, string]>([
  [{ baseURL: "https://example.com" }, 'createAdManagerClient: unknown option "baseURL" (expected '],
  [{ baseUrl: "http://example.com" }, "plain http to a host that is not this machine"],
  [{ baseUrl: "ftp://example.com" }, "does not begin with https://"],
  [{ transport: {}, baseUrl: "https://example.com" }, "transport brings its own endpoint"],
  [{ transport: {}, interceptors: [] }, "transport brings its own endpoint"],
  [{ transport: {} }, "transport: invalid value (expected a Connect Transport"],
  [{ polling: { initialMs: -1 } }, "polling.initialMs: invalid value (got -1"],
  [{ polling: 5 }, "polling: invalid value (got 5; expected an object)"],
  [{ polling: { maxMs: "60s" } }, 'polling.maxMs: invalid value (got "60s"'],
  [{ auth: 5 }, "auth: invalid value (got 5; expected an object)"],
  [{ auth: true }, "auth: invalid value (got true; expected an object)"],
  [{ auth: null }, "auth: invalid value (got null; expected undefined for the default)"],
  [{ interceptors: "" }, "interceptors: invalid value (expected an array of functions)"],
  [{ registry: "types" }, "registry: not a registry"],
  [{ retry: { maxAttempts: 0 } }, "retry.maxAttempts: invalid value (got 0"],
])("refuses %j when it is made", (options, message) => {
  expect(() => createAdManagerClient(options as AdManagerClientOptions)).toThrow(message);
});

test("details of Ad Manager's own are readable in errors, without a registry of the program's", async () => {
  await using emulator = await startEmulator({ registry: createRegistry(AdManagerErrorSchema) });
  await using client = createAdManagerClient({ baseUrl: emulator.baseUrl, auth: false });
  const detail = { errorCode: "REPORT_ERROR", message: "too many rows" };
  const name = emulator.operations.start({
    parent: "networks/123/operations/reports/runs",
    durationMs: 0,
    error: {
      code: Code.FailedPrecondition,
      message: "no",
      details: [anyPack(AdManagerErrorSchema, create(AdManagerErrorSchema, detail))],
    },
  });
  const error = await client
    .operation(name)
    .result()
    .catch((reason: unknown) => reason);
  expect(JSON.parse(JSON.stringify(error)).details).toEqual([
    { "@type": "type.googleapis.com/google.ads.admanager.v1.AdManagerError", ...detail },
  ]);
});
