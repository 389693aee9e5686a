// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Code, createClient } from "@connectrpc/connect";
import {
  ReportService,
  RunReportMetadataSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { createAdManagerClient } from "../../src/admanager.js";
import { createOperationsClient } from "../../src/index.js";
import {
  createFakeClock,
  createFakeOperations,
  type EmulatorOperations,
  type FakeOperationsOptions,
} from "../../src/testing.js";
import { Builds, buildMethod, logsMethod } from "../emulator/builds-service.js";

const polling = { initialMs: 1_000, multiplier: 1, maxMs: 1_000, jitter: 0 };

function fakeAndClient(options: FakeOperationsOptions = {}) {
  const fake = createFakeOperations(options);
  const client = createOperationsClient({ transport: fake.transport, clock: fake.clock, polling });
  return { fake, client };
}

test("an operation is followed in virtual time, each look at its own moment", async () => {
  const { fake, client } = fakeAndClient();
  const metadata = anyPack(RunReportMetadataSchema, create(RunReportMetadataSchema));
  const percentField = RunReportMetadataSchema.field.percentComplete;
  const name = fake.operations.start({ durationMs: 4_000, metadata, percentField });
  const startMs = fake.clock.now();
  const seen: string[] = [];
  const watching = (async () => {
    const run = client.operation(name, { metadata: RunReportMetadataSchema });
    for await (const { state, metadata } of run.watch()) {
      seen.push(`${Math.round(fake.clock.now() - startMs)} ${state} ${metadata?.percentComplete ?? 0}`);
    }
  })();
  await fake.clock.advance(3_600_000);
  await watching;
  expect(seen).toEqual([
    "0 running 0",
    "1000 running 25",
    "2000 running 50",
    "3000 running 75",
    "4000 succeeded 100",
  ]);
});

test("a run is started, cancelled, and known to be cancelled only when it is", async () => {
  const fake = createFakeOperations({ reportRuns: { durationMs: 60_000, cancelDelayMs: 1_500 } });
  const client = createAdManagerClient({ transport: fake.transport, clock: fake.clock, polling });
  const run = await client.runReport("networks/123/reports/7");
  const waiting = run.cancelAndWait();
  await fake.clock.advance(1_499);
  expect(fake.operations.find(run.name)).toMatchObject({ cancelRequested: true, operation: { done: false } });
  await fake.clock.advance(1_000);
  expect(await waiting).toMatchObject({ state: "cancelled", error: { code: 1 } });
});

test("every call is there to assert on, without its credentials", async () => {
  const { fake, client } = fakeAndClient();
  const name = fake.operations.start();
  await client.cancelOperation(name, { headers: { Authorization: "Bearer secret" } });
  await expect(client.getOperation("operations/nobody")).rejects.toMatchObject({ reason: "not-found" });
  expect(fake.calls).toMatchObject([
    {
      protocol: "in-process",
      requestLine: "POST /google.longrunning.Operations/CancelOperation HTTP/2.0",
      method: "google.longrunning.Operations.CancelOperation",
      headers: { authorization: "REDACTED" },
      message: { name },
      status: "OK",
      httpStatus: undefined,
    },
    { method: "google.longrunning.Operations.GetOperation", status: "NOT_FOUND" },
  ]);
});

test("the latest calls are kept", async () => {
  const { fake, client } = fakeAndClient({ maxCalls: 2 });
  for (const id of ["a", "b", "c"]) await client.getOperation(fake.operations.start({ id }));
  expect(fake.calls.map((call) => call.message)).toMatchObject([
    { name: "operations/b" },
    { name: "operations/c" },
  ]);
});

test.each<[string, FakeOperationsOptions["faults"], number]>([
  ["an error", [{ kind: "error", code: Code.PermissionDenied }], Code.PermissionDenied],
  ["a reset", [{ kind: "reset" }], Code.Unavailable],
  ["a page", [{ kind: "page", status: 429, body: "<p>Slow down." }], Code.ResourceExhausted],
])("%s is a fault as on the emulator", async (_, faults, code) => {
  const fake = createFakeOperations({ faults });
  const client = createOperationsClient({ transport: fake.transport, retry: false });
  await expect(client.getOperation(fake.operations.start())).rejects.toMatchObject({ code });
});

test("a delay holds the answer back in virtual time", async () => {
  const { fake, client } = fakeAndClient({ faults: [{ kind: "delay", minMs: 5_000 }] });
  const looking = client.getOperation(fake.operations.start());
  await fake.clock.whenSleeping();
  await fake.clock.advance(5_000);
  expect(await looking).toMatchObject({ done: false });
});

test("the server-side wait ends in virtual time", async () => {
  const { fake, client } = fakeAndClient({ maxWaitMs: 1_000 });
  const waiting = client.waitOperation(fake.operations.start({ durationMs: 60_000 }));
  await fake.clock.whenSleeping();
  await fake.clock.advance(1_000);
  expect(await waiting).toMatchObject({ done: false });
});

test("serves a service of one's own, and a client made before sees it", async () => {
  const fake = createFakeOperations();
  const build = () => fake.transport.unary(buildMethod, undefined, undefined, undefined, {});
  await expect(build()).rejects.toMatchObject({ code: Code.Unimplemented });
  fake.serve(Builds, { build: () => fake.operations.get(fake.operations.start({ id: "b" })) } as never);
  expect((await build()).message).toMatchObject({ name: "operations/b" });
  expect(fake.calls).toMatchObject([{ method: "test.v1.Builds.Build", status: "OK" }]);
});

test("streams the answers of a method that streams", async () => {
  const fake = createFakeOperations();
  fake.serve(Builds, {
    async *logs() {
      yield { text: "one" };
      yield { text: "two" };
    },
  } as never);
  async function* requests() {
    yield {};
  }
  const { message } = await fake.transport.stream(logsMethod, undefined, undefined, undefined, requests());
  const texts: unknown[] = [];
  for await (const line of message) texts.push("text" in line && line.text);
  expect(texts).toEqual(["one", "two"]);
});

test("the time is the test's own clock when it gives one", async () => {
  const clock = createFakeClock({ startMs: Date.UTC(2026, 0, 1) });
  const fake = createFakeOperations({ clock });
  expect(fake.clock).toBe(clock);
  expect(fake.operations.find(fake.operations.start({ durationMs: 5 }))?.endMs).toBe(
    Date.UTC(2026, 0, 1) + 5,
  );
});

test("the stub of a service that answers operations works straight on the transport", async () => {
  const reports = createClient(ReportService, createFakeOperations().transport);
  await expect(reports.runReport({ name: "networks/1" })).rejects.toMatchObject({
    code: Code.InvalidArgument,
  });
});

test.each<[object, string]>([
  [{ port: 0 }, 'createFakeOperations: unknown option "port" (expected clock, reportRuns'],
  [{ maxCalls: 0 }, "maxCalls: invalid value (got 0"],
  [{ maxOperations: 1.5 }, "maxOperations: invalid value (got 1.5"],
  [{ maxWaitMs: -1 }, "maxWaitMs: invalid value (got -1"],
  [{ faults: [{ kind: "page", status: 200, body: "" }] }, "status: invalid value (got 200"],
])("refuses %j", (options, message) => {
  expect(() => createFakeOperations(options)).toThrow(message);
});

test.each<[string, (operations: EmulatorOperations, name: string) => void]>([
  ["percent: invalid value", (operations, name) => operations.setProgress(name, { percent: "50" as never })],
  ["percent: invalid value", (operations, name) => operations.setProgress(name, { percent: Number.NaN })],
  ["percent: invalid value", (operations, name) => operations.setProgress(name, { percent: 101 })],
  ['unknown option "percnt"', (operations, name) => operations.setProgress(name, { percnt: 5 } as object)],
  ["a response or an error", (operations, name) => operations.finish(name, {} as never)],
  ['unknown option "result"', (operations, name) => operations.finish(name, { result: 1 } as never)],
  ["options: invalid value", (operations, name) => operations.finish(name, undefined as never)],
  [
    'unknown option "name" (expected parent and id',
    (operations) => operations.start({ name: "operations/mine" } as never),
  ],
  [
    "expected Code.NotFound (5))",
    (operations, name) => operations.finish(name, { error: { code: "NOT_FOUND" } as never }),
  ],
  [
    "expected Code.Internal (13))",
    (operations) => operations.start({ error: { code: "INTERNAL" } as never }),
  ],
  [
    "setUnreachable: resources: invalid value (got",
    (operations) => operations.setUnreachable("projects/p" as never),
  ],
])("a test's own mistake is a TypeError, and the operation stays as it is: %s", (message, mistake) => {
  const { operations } = createFakeOperations();
  const name = operations.start();
  const before = operations.find(name);
  const act = () => mistake(operations, name);
  expect(act).toThrow(TypeError);
  expect(act).toThrow(message);
  expect(operations.find(name)).toEqual(before);
});

test.each<[string, object]>([
  ["seed", { seed: "1m" }],
  ["seed", { seed: Number.NaN }],
  ["maxCalls", { maxCalls: "5" }],
  ["maxWaitMs", { maxWaitMs: -1 }],
])("rejects a bad %s: %j", (name, options) => {
  expect(() => createFakeOperations(options)).toThrow(TypeError);
  expect(() => createFakeOperations(options)).toThrow(name);
});
