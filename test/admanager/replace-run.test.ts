// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { createAdManagerClient } from "../../src/admanager.js";
import { WaitTimeoutError } from "../../src/index.js";
import { createFakeOperations, type FakeOperationsOptions } from "../../src/testing.js";

const REPORT = "networks/1/reports/2";
const CANCEL = "google.longrunning.Operations.CancelOperation";
const RUN = "google.ads.admanager.v1.ReportService.RunReport";

function clientOf(options: FakeOperationsOptions = {}) {
  const fake = createFakeOperations(options);
  return { fake, client: createAdManagerClient({ transport: fake.transport, clock: fake.clock }) };
}

test("the earlier run is cancelled once the new one has been started, and nothing more is claimed", async () => {
  const { client, fake } = clientOf();
  const first = await client.replaceRun(undefined, REPORT);
  expect(first.replaced).toBeUndefined();
  const second = await client.replaceRun(first.run, REPORT);
  expect(second.replaced).toEqual({ name: first.run.name, state: "requested" });
  expect(second.run.name).not.toBe(first.run.name);
  expect(fake.calls.map(({ method = "" }) => method.split(".").at(-1))).toEqual([
    "RunReport",
    "RunReport",
    "GetOperation",
    "CancelOperation",
  ]);
  await fake.clock.advance(5_000);
  expect((await first.run.poll()).state).toBe("cancelled");
  expect((await second.run.poll()).state).toBe("running");
});

test("a run that had ended already is told as that, and no cancel is sent", async () => {
  const { client, fake } = clientOf();
  const { run } = await client.replaceRun(undefined, REPORT);
  await fake.clock.advance(20_000);
  const { replaced } = await client.replaceRun(run.name, { name: REPORT });
  expect(replaced).toMatchObject({
    name: run.name,
    state: "succeeded",
    outcome: { response: { reportResult: `${REPORT}/results/1` } },
  });
  expect(fake.calls.filter(({ method }) => method === CANCEL)).toEqual([]);
});

test.each([
  [Code.Unimplemented, "cancel-unsupported"],
  [Code.NotFound, "not-found"],
  [Code.PermissionDenied, "permission-denied"],
])("a cancel that fails with code %s is told, and the new run is there", async (code, reason) => {
  const { client, fake } = clientOf();
  const { run } = await client.replaceRun(undefined, REPORT);
  fake.faults.add({ kind: "error", method: CANCEL, code });
  const second = await client.replaceRun(run, REPORT);
  expect(second.replaced).toMatchObject({ name: run.name, state: "error", error: { code, reason } });
  expect((await run.poll()).state).toBe("running");
  expect((await second.run.poll()).state).toBe("running");
});

test("a start that fails leaves the earlier run alone", async () => {
  const { client, fake } = clientOf();
  const { run } = await client.replaceRun(undefined, REPORT);
  fake.faults.add({ kind: "error", method: RUN, code: Code.ResourceExhausted, times: 1 });
  await expect(client.replaceRun(run, REPORT)).rejects.toMatchObject({ code: Code.ResourceExhausted });
  expect(fake.calls.filter(({ method }) => method === CANCEL)).toEqual([]);
  expect((await run.poll()).state).toBe("running");
});

test("an earlier run whose name cannot be one is refused before a new one is started", async () => {
  const { client, fake } = clientOf();
  await expect(client.replaceRun("operations/../secret", REPORT)).rejects.toMatchObject({
    code: Code.InvalidArgument,
    requestSent: false,
  });
  expect(fake.calls).toHaveLength(0);
});

test("with wait, how it ended: cancelled, or succeeded in spite of the request", async () => {
  const { client, fake } = clientOf({ reportRuns: { onCancel: "ignores", durationMs: 30_000 } });
  const { run } = await client.replaceRun(undefined, REPORT);
  const replacing = client.replaceRun(run, REPORT, { wait: true });
  await fake.clock.advance(60_000);
  expect((await replacing).replaced).toMatchObject({ name: run.name, state: "succeeded" });

  const other = clientOf();
  const begun = await other.client.replaceRun(undefined, REPORT);
  const cancelling = other.client.replaceRun(begun.run, REPORT, { wait: true });
  await other.fake.clock.advance(60_000);
  expect((await cancelling).replaced).toMatchObject({
    state: "cancelled",
    outcome: { error: { code: Code.Canceled } },
  });
});

test("with wait, a time that is up is told", async () => {
  const { client, fake } = clientOf({
    reportRuns: { onCancel: "ignores", durationMs: Number.POSITIVE_INFINITY },
  });
  const { run } = await client.replaceRun(undefined, REPORT);
  const replacing = client.replaceRun(run, REPORT, { wait: true, timeoutMs: 20_000 });
  await fake.clock.advance(60_000);
  const { replaced } = await replacing;
  expect(replaced?.state === "error" && replaced.error).toBeInstanceOf(WaitTimeoutError);
});

test("an abort after the start costs neither run nor report", async () => {
  const controller = new AbortController();
  const { client, fake } = clientOf();
  const { run } = await client.replaceRun(undefined, REPORT);
  fake.faults.add({
    kind: "delay",
    method: "google.longrunning.Operations.GetOperation",
    minMs: 60_000,
    maxMs: 60_000,
  });
  const replacing = client.replaceRun(run, REPORT, { signal: controller.signal });
  await fake.clock.advance(0);
  controller.abort();
  const second = await replacing;
  expect(second.run.name).not.toBe(run.name);
  expect(second.replaced).toMatchObject({ state: "error", error: { reason: "aborted-by-caller" } });
});

test("an option that is none is refused before anything is sent", async () => {
  const { client, fake } = clientOf();
  await expect(client.replaceRun(undefined, REPORT, { wait: "yes" as never })).rejects.toThrow(
    "replaceRun: wait",
  );
  await expect(client.replaceRun(undefined, REPORT, { waits: true } as never)).rejects.toThrow(TypeError);
  expect(fake.calls).toHaveLength(0);
});

describe("what is no run and no report", () => {
  test.each<[kind: string, previous: unknown]>([
    ["null", null],
    ["a number", 5],
    ["an object with a name", { name: "networks/1/operations/reports/runs/1" }],
    ["a saved handle", { version: 1, name: "networks/1/operations/reports/runs/1" }],
  ])("is rejected before a run is spent: %s as the earlier run", async (_, previous) => {
    const { client, fake } = clientOf();
    const error = new TypeError(
      "replaceRun: previous: invalid value (expected an object with poll() and cancel() and cancelAndWait())",
    );
    await expect(client.replaceRun(previous as string, REPORT)).rejects.toThrow(error);
    expect(fake.calls).toEqual([]);
  });

  test.each<[kind: string, report: unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a number", 5],
    ["a String", new String(REPORT)],
  ])("is rejected by runReport: %s", async (_, report) => {
    const { client, fake } = clientOf();
    await expect(client.runReport(report as string)).rejects.toThrow(
      /^runReport: report: invalid value .*expected an object\)$/,
    );
    expect(fake.calls).toEqual([]);
  });
});
