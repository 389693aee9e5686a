// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as gax from "google-gax";
import { createAdManagerClient } from "../../src/admanager.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { createOperationsClient, createRestTransport } from "../../src/index.js";
import { createFakeClock, type FakeClock } from "../../src/testing.js";

import { officialReports, patchRule, signedIn } from "./official.js";

// The official clients over REST, as published, beside ours on one emulator: what they say of an operation is the same.

const RUN = "/v1/{name=networks/*/operations/reports/runs/*}";
const CANCEL = "google.longrunning.Operations.CancelOperation";

let clock: FakeClock;
let emulator: Emulator;
const closers: (() => Promise<unknown> | undefined)[] = [];

beforeEach(async () => {
  clock = createFakeClock({ startMs: Date.UTC(2026, 0, 1) });
  emulator = await startEmulator({ clock, reportRuns: { durationMs: 60_000, cancelDelayMs: 100 } });
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await emulator.close();
});

/** Looks every 5 ms of real time, since google-gax has no clock that a test could move. */
const POLLING = {
  longrunning: {
    initialRetryDelayMillis: 5,
    retryDelayMultiplier: 1,
    maxRetryDelayMillis: 5,
    totalTimeoutMillis: 10_000,
  },
};

describe("@google-ads/admanager", () => {
  const clients = () => {
    const official = officialReports(emulator.port);
    closers.push(() => official.close());
    const ours = createAdManagerClient({ baseUrl: emulator.baseUrl, clock });
    closers.push(() => ours.close());
    return { official, ours };
  };

  test("promise() gives the response that our result() gives", async () => {
    const { official, ours } = clients();
    const [run] = await official.runReport({ name: "networks/123/reports/7" }, POLLING as never);
    const waiting = run.promise();
    await clock.advance(60_000);
    const [response, metadata] = await waiting;
    const theirs = await ours.operation(run.name ?? "").poll();
    expect(theirs).toMatchObject({
      state: "succeeded",
      response: { reportResult: (response as { reportResult: string }).reportResult },
      metadata: { percentComplete: (metadata as { percentComplete: number }).percentComplete },
    });
    expect(response).toMatchObject({ reportResult: "networks/123/reports/7/results/1" });
    expect(metadata).toMatchObject({ percentComplete: 100, report: "networks/123/reports/7" });
  });

  test("promise() rejects with the status that our error has", async () => {
    await emulator.close();
    const reportRuns = { durationMs: 60_000, error: { code: 9, message: "No rows." } };
    emulator = await startEmulator({ clock, reportRuns });
    const { official, ours } = clients();
    const [run] = await official.runReport({ name: "networks/123/reports/7" }, POLLING as never);
    const failed = expect(run.promise()).rejects.toMatchObject({ code: 9, message: "No rows." });
    await clock.advance(60_000);
    await failed;
    const snapshot = await ours.operation(run.name ?? "").poll();
    expect(snapshot).toMatchObject({ state: "failed", error: { code: 9, message: "No rows." } });
  });

  test("checkRunReportProgress sees the progress that ours sees", async () => {
    const { official, ours } = clients();
    const run = await ours.runReport("networks/123/reports/7");
    for (const percentComplete of [25, 50, 75]) {
      await clock.advance(15_000);
      const { metadata, done } = await official.checkRunReportProgress(run.name);
      expect({ metadata, done }).toMatchObject({ metadata: { percentComplete }, done: false });
      expect(await run.poll()).toMatchObject({ metadata: { percentComplete }, state: "running" });
    }
  });

  test("cancels once the rule is patched in, by the same request as ours", async () => {
    const { official, ours } = clients();
    const [first] = await official.runReport({ name: "networks/123/reports/7" });
    patchRule(Reflect.get(official, "_protos"), CANCEL, { post: `${RUN}:cancel` });
    await first.cancel();
    const second = await ours.runReport("networks/123/reports/7");
    await second.cancel();
    const cancels = emulator.calls.filter((call) => call.method === CANCEL);
    expect(cancels.map((call) => [call.requestLine, call.status])).toEqual(
      [first.name, second.name].map((name) => [expect.stringContaining(`/v1/${name}:cancel`), "OK"]),
    );
    await clock.advance(100);
    const theirs = await official.checkRunReportProgress(first.name ?? "").catch((error: unknown) => error);
    expect(await second.poll()).toMatchObject({ state: "cancelled", error: { code: 1 } });
    expect(theirs).toMatchObject({ error: { code: 1 } });
  });
});

describe("google-gax's OperationsClient", () => {
  // google-gax brings the protos and exports no way to them.
  const gaxFolder = dirname(require.resolve("google-gax"));
  const operationsProtos = JSON.parse(readFileSync(join(gaxFolder, "../protos/operations.json"), "utf8"));

  function officialOperations() {
    const auth = signedIn() as never;
    const protoJson = gax.fallback.protobufFromJSON(operationsProtos, true);
    // Its own protos have a rule for Get that repeats the collection, so that no name of an operation fits.
    const httpRules = [
      { selector: "google.longrunning.Operations.GetOperation", get: "/v1/{name=operations/**}" },
    ];
    const client = gax.fallback
      .lro({ auth, protoJson, httpRules } as never)
      .operationsClient({ servicePath: "127.0.0.1", port: emulator.port, protocol: "http" });
    closers.push(async () => client.close());
    return client;
  }

  test("gets, lists, cancels and deletes; ours sees the same", async () => {
    const official = officialOperations();
    const transport = createRestTransport({ baseUrl: emulator.baseUrl });
    closers.push(() => transport.close());
    const ours = createOperationsClient({ transport });
    const names = [1, 2, 3].map((id) => emulator.operations.start({ id: `op-${id}`, durationMs: 60_000 }));
    const [first = ""] = names;
    const request = { name: first } as never;

    const [got] = await official.getOperation(request);
    expect(got).toMatchObject({ name: first, done: false });
    const [listed] = (await official.listOperations({
      name: "operations",
      filter: "",
    } as never)) as unknown as [{ name: string }[]]; // declared as the response, answers [operations, …]
    expect(listed.map((operation) => operation.name)).toEqual(names);
    const oursListed: string[] = [];
    for await (const { name } of ours.listOperations({ name: "operations" })) oursListed.push(name);
    expect(oursListed).toEqual(names);

    await official.cancelOperation(request);
    await clock.advance(100);
    const [cancelled] = await official.getOperation(request);
    expect(cancelled).toMatchObject({ done: true, error: { code: 1 } });
    expect(await ours.getOperation(first)).toMatchObject({ done: true, result: { value: { code: 1 } } });

    await official.deleteOperation(request);
    await expect(ours.getOperation(first)).rejects.toMatchObject({ reason: "not-found" });
    // Over REST, google-gax lets gaxios' error through, whose code is `error.code` of the body: the HTTP status.
    await expect(official.getOperation(request)).rejects.toMatchObject({ code: 404 });
  });
});
