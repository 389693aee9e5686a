// SPDX-License-Identifier: Apache-2.0
import { credentials } from "@grpc/grpc-js";
import * as gax from "google-gax";
import { createAdManagerClient } from "../../src/admanager.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { createOperationsClient } from "../../src/index.js";
import { createFakeClock, type FakeClock } from "../../src/testing.js";
import { officialReports, officialReportsOverGrpc, signedIn } from "./official.js";

// The official clients, as published, beside ours on one emulator.

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

function reports() {
  const client = officialReports(emulator.port);
  closers.push(() => client.close());
  return client;
}

/** The arguments after the first are optional in fact, and declared mandatory under `strict`. */
type Loose = (request: object) => Promise<unknown>;

describe("@google-ads/admanager over REST", () => {
  test("starts a run and sees its progress, as ours does", async () => {
    const official = reports();
    const [run] = await official.runReport({ name: "networks/123/reports/7" });
    await clock.advance(15_000);
    const looked = await official.checkRunReportProgress(run.name ?? "");
    expect(looked.metadata).toMatchObject({ percentComplete: 25 });
    expect(emulator.calls.map((call) => call.status)).toEqual(["OK", "OK"]);
  });

  test("cannot cancel it: it throws before it sends anything; ours cancels it", async () => {
    const official = reports();
    const [run] = await official.runReport({ name: "networks/123/reports/7" });
    const name = run.name ?? "";
    const before = emulator.calls.length;

    const cannot = /^Cannot build HTTP request for .*CancelOperation$/;
    await expect(run.cancel()).rejects.toThrow(cannot);
    await expect((official.cancelOperation as unknown as Loose)({ name })).rejects.toThrow(cannot);
    expect(emulator.calls.length).toBe(before);
    expect(emulator.operations.find(name)?.cancelRequested).toBe(false);

    const ours = createAdManagerClient({ baseUrl: emulator.baseUrl });
    await ours.cancelOperation(name);
    expect(emulator.calls.at(-1)).toMatchObject({
      requestLine: `POST /v1/${name}:cancel HTTP/1.1`,
      headers: { "content-length": "0" },
      status: "OK",
    });
    await clock.advance(100);
    expect(await ours.getOperation(name)).toMatchObject({ done: true, result: { value: { code: 1 } } });
  });
});

describe("@google-ads/admanager over gRPC", () => {
  test("starts, looks, lists, cancels and deletes; ours sees the same", async () => {
    const official = officialReportsOverGrpc(emulator.port);
    closers.push(() => official.close());
    const transport = createGrpcTransport({ baseUrl: emulator.baseUrl });
    closers.push(() => transport.close());
    const ours = createOperationsClient({ transport });
    const [run] = await official.runReport({ name: "networks/123/reports/7" });
    const name = run.name ?? "";

    await clock.advance(15_000);
    const looked = await official.checkRunReportProgress(name);
    expect(looked.metadata).toMatchObject({ percentComplete: 25 });
    const listed: (string | null | undefined)[] = [];
    const request = { name: "networks/123/operations/reports/runs" };
    for await (const each of official.listOperationsAsync(request as never)) listed.push(each.name);
    expect(listed).toEqual([name]);

    await (official.cancelOperation as unknown as Loose)({ name });
    await clock.advance(100);
    expect(await official.checkRunReportProgress(name)).toMatchObject({ error: { code: 1 } });
    expect(await ours.getOperation(name)).toMatchObject({ done: true, result: { value: { code: 1 } } });

    await (official.deleteOperation as unknown as Loose)({ name });
    await expect(official.checkRunReportProgress(name)).rejects.toMatchObject({ code: 5 });
    await expect(ours.getOperation(name)).rejects.toMatchObject({ reason: "not-found" });
    expect(emulator.calls.every((call) => call.protocol === "grpc")).toBe(true);
  });
});

describe("google-gax's OperationsClient over gRPC", () => {
  function officialOperations() {
    const client = gax
      .lro({
        auth: new gax.GoogleAuth({ authClient: signedIn() as never }),
        grpc: new gax.GrpcClient().grpc as never,
      })
      .operationsClient({
        servicePath: "127.0.0.1",
        port: emulator.port,
        sslCreds: credentials.createInsecure(),
      });
    closers.push(async () => client.close());
    return client;
  }

  test("gets, lists, cancels and deletes; ours sees the same", async () => {
    const official = officialOperations();
    const transport = createGrpcTransport({ baseUrl: emulator.baseUrl });
    closers.push(() => transport.close());
    const ours = createOperationsClient({ transport });
    const names = [1, 2, 3].map((id) => emulator.operations.start({ id: `op-${id}`, durationMs: 60_000 }));
    const [first = ""] = names;

    const [got] = await official.getOperation({ name: first } as never);
    expect(got).toMatchObject({ name: first, done: false });
    const [listed] = (await official.listOperations({
      name: "operations",
      filter: "",
    } as never)) as unknown as [{ name: string }[]]; // declared as the response, answers [operations, …]
    expect(listed.map((operation) => operation.name)).toEqual(names);
    const oursListed: string[] = [];
    for await (const operation of ours.listOperations({ name: "operations" }))
      oursListed.push(operation.name);
    expect(oursListed).toEqual(names);

    await official.cancelOperation({ name: first } as never);
    await clock.advance(100);
    const [cancelled] = await official.getOperation({ name: first } as never);
    expect(cancelled).toMatchObject({ done: true, error: { code: 1 } });
    expect(await ours.getOperation(first)).toMatchObject({ done: true, result: { value: { code: 1 } } });

    await official.deleteOperation({ name: first } as never);
    await expect(ours.getOperation(first)).rejects.toMatchObject({ reason: "not-found" });
    await expect(official.getOperation({ name: first } as never)).rejects.toMatchObject({ code: 5 });
  });
});
