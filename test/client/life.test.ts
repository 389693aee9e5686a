// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  RunReportMetadataSchema,
  RunReportResponseSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { type CancelReport, createOperationsClient, WaitTimeoutError } from "../../src/index.js";
import { subjects } from "../contract/subjects.js";
import { createDriver } from "./drive.js";

const types = { response: RunReportResponseSchema, metadata: RunReportMetadataSchema };
const polling = { initialMs: 1000, multiplier: 1, jitter: 0 };

// connect-node logs that it could not respond to a client that had gone, sometimes long after.
const muted = jest.spyOn(console, "error").mockImplementation(() => undefined);
afterAll(() => muted.mockRestore());

describe.each(subjects)("over %s", (_name, start) => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function setUp(own?: Parameters<typeof start>[0]) {
    const { transport, operations, clock, close } = await start(own);
    closing.push(close);
    const driver = createDriver(transport, clock);
    const client = createOperationsClient({ transport: driver.transport, clock, polling });
    return { client, clock, operations, driver };
  }

  test("an operation is watched to its end, and gives its response", async () => {
    const { client, operations, driver } = await setUp();
    const name = operations.start({
      durationMs: 8000,
      metadata: anyPack(
        RunReportMetadataSchema,
        create(RunReportMetadataSchema, { report: "networks/1/reports/2" }),
      ),
      percentField: RunReportMetadataSchema.field.percentComplete,
      response: anyPack(
        RunReportResponseSchema,
        create(RunReportResponseSchema, { reportResult: "results/1" }),
      ),
    });
    const run = client.operation(name, types);
    const seen: unknown[] = [];
    const watching = (async () => {
      for await (const { state, metadata } of run.watch())
        seen.push([state, metadata?.report, metadata?.percentComplete]);
    })();
    await driver.until(watching);
    const percents = [0, 12, 25, 37, 50, 62, 75, 87];
    expect(seen).toEqual([
      ...percents.map((percent) => ["running", "networks/1/reports/2", percent]),
      ["succeeded", "networks/1/reports/2", 100],
    ]);
    expect(await run.result()).toEqual(create(RunReportResponseSchema, { reportResult: "results/1" }));
    expect(driver.methods).toEqual(Array(9).fill("GetOperation"));
  });

  test("a cancel is asked for, and what came of it is known from a poll", async () => {
    const { client, operations, driver } = await setUp();
    const ends = {
      cancels: { state: "cancelled", error: { code: 1 } },
      ignores: { state: "succeeded" },
      completes: { state: "succeeded" },
    };
    for (const [onCancel, want] of Object.entries(ends)) {
      const name = operations.start({
        durationMs: 5000,
        onCancel: onCancel as keyof typeof ends,
        cancelDelayMs: 1500,
      });
      expect(await driver.until(client.cancelAndWait(name))).toMatchObject(want);
    }
  });

  test("a cancel that the server does not support leaves the operation running, and those who wait waiting", async () => {
    const { client, operations, driver } = await setUp();
    const name = operations.start({ durationMs: 3000, onCancel: "unsupported" });
    const run = client.operation(name);
    const wait = run.wait();
    await expect(run.cancelAndWait()).rejects.toMatchObject({
      reason: "cancel-unsupported",
      operationName: name,
    });
    expect(await driver.until(run.cancelAndWait({ onUnsupported: "wait" }))).toMatchObject({
      state: "succeeded",
    });
    expect(await wait).toMatchObject({ state: "succeeded" });
  });

  test("an operation that the server drops is a failed poll, and never cancelled", async () => {
    const { client, operations, driver } = await setUp();
    const name = operations.start({ onCancel: "vanishes", cancelDelayMs: 1500 });
    await expect(driver.until(client.cancelAndWait(name))).rejects.toMatchObject({
      code: Code.NotFound,
      reason: "not-found",
      method: "google.longrunning.Operations.GetOperation",
    });
  });

  test("the operation's own error is an outcome, with its details", async () => {
    const { client, operations, driver } = await setUp();
    const detail = anyPack(StringValueSchema, create(StringValueSchema, { value: "row 7" }));
    const name = operations.start({
      durationMs: 1500,
      error: { code: 9, message: "bad row", details: [detail] },
    });
    const run = client.operation(name);
    const outcome = await driver.until(run.wait());
    expect(outcome).toMatchObject({ state: "failed", error: { code: 9, message: "bad row" } });
    const thrown = await run.result().catch((error) => error);
    expect(thrown.findDetails(StringValueSchema)).toEqual([create(StringValueSchema, { value: "row 7" })]);
  });

  test("done without a result is legal", async () => {
    const { client, operations, driver } = await setUp();
    const run = client.operation(operations.start({ durationMs: 1500, response: "none" }), types);
    expect(await driver.until(run.wait())).toMatchObject({
      state: "succeeded",
      response: undefined,
      problems: [],
    });
  });

  test("waiters share the polls, each with a time and a signal of its own", async () => {
    const { client, operations, driver } = await setUp();
    const run = client.operation(operations.start({ durationMs: 3500 }));
    const controller = new AbortController();
    const late = run.wait({ timeoutMs: 1500 });
    const aborted = run.wait({ signal: controller.signal });
    const waits = [run.wait(), run.wait()];
    await expect(driver.until(late)).rejects.toBeInstanceOf(WaitTimeoutError);
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ reason: "aborted-by-caller" });
    const outcomes = await driver.until(Promise.all(waits));
    expect(outcomes.map((one) => one.state)).toEqual(["succeeded", "succeeded"]);
    // Five at the usual pace, and one more before the time of the first was up.
    expect(driver.methods).toHaveLength(6);
  });

  test("an abort during a poll rejects, and nothing is sent for it", async () => {
    let polls = 0;
    const asked: string[] = [];
    const { client } = await setUp({
      getOperation: async (_request, context) => {
        polls += 1;
        await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
        throw new ConnectError("gone", Code.Canceled);
      },
      cancelOperation: ({ name }) => {
        asked.push(name);
        return {};
      },
    });
    const controller = new AbortController();
    const wait = client.operation("operations/1").wait({ signal: controller.signal });
    while (polls === 0) await new Promise(setImmediate);
    controller.abort("enough");
    await expect(wait).rejects.toMatchObject({ reason: "aborted-by-caller", cause: "enough" });
    expect(polls).toBe(1);
    expect(asked).toEqual([]);
  });

  test("polls that fail for the moment do not end a wait, and one that fails for good does", async () => {
    const codes = [
      Code.Unavailable,
      Code.ResourceExhausted,
      Code.Aborted,
      Code.DeadlineExceeded,
      Code.PermissionDenied,
    ];
    let poll = 0;
    const { client, driver } = await setUp({
      getOperation: () => {
        throw new ConnectError("not now", codes[poll++]);
      },
    });
    await expect(driver.until(client.operation("operations/1").wait())).rejects.toMatchObject({
      code: Code.PermissionDenied,
      reason: "permission-denied",
      operationName: "operations/1",
      message: expect.stringContaining("not now"),
    });
    expect(poll).toBe(codes.length);
  });

  test("a handle is saved and taken up again", async () => {
    const { client, operations, driver } = await setUp();
    const run = client.operation(operations.start({ durationMs: 2500 }));
    await run.poll();
    const saved = JSON.parse(JSON.stringify(run));
    const outcome = await driver.until(client.fromJSON(saved).wait());
    expect(outcome.state).toBe("succeeded");
    const calls = driver.methods.length;
    const ended = client.fromJSON(JSON.parse(JSON.stringify(client.fromJSON(saved))));
    await driver.until(ended.wait());
    expect(await client.fromJSON(JSON.parse(JSON.stringify(ended))).wait()).toMatchObject({
      state: "succeeded",
    });
    expect(driver.methods.length).toBe(calls + 1);
  });

  test("the server waits, where it is asked to", async () => {
    const { client, clock, operations, driver } = await setUp();
    const run = client.operation(operations.start({ durationMs: 4000 }), {
      polling: { useServerWait: true },
    });
    const wait = run.wait();
    await clock.whenSleeping();
    await clock.advance(4000);
    expect(await wait).toMatchObject({ state: "succeeded" });
    expect(driver.methods).toEqual(["WaitOperation"]);
  });

  test("lists are read over their pages", async () => {
    const { client, operations, driver } = await setUp();
    const names = Array.from({ length: 7 }, (_, index) => operations.start({ id: `list-${index}` }));
    const seen: string[] = [];
    for await (const { name } of client.listOperations({ name: "operations", pageSize: 3 })) seen.push(name);
    expect(seen.sort()).toEqual(names);
    expect(driver.methods).toEqual(["ListOperations", "ListOperations", "ListOperations"]);
  });

  test("deleting forgets an operation", async () => {
    const { client, operations } = await setUp();
    const run = client.operation(operations.start());
    await run.delete();
    await expect(run.wait()).rejects.toMatchObject({ reason: "not-found" });
  });

  test("many are cancelled, with a report for each", async () => {
    const { client, operations, driver } = await setUp();
    const names = Array.from({ length: 30 }, (_, index) =>
      operations.start({ id: `bulk-${index}`, onCancel: index % 3 === 0 ? "completes" : "cancels" }),
    );
    const reports: CancelReport[] = [];
    const reading = (async () => {
      const bulk = client.cancelOperations([...names, "operations/unknown"], { wait: true, concurrency: 8 });
      for await (const report of bulk) reports.push(report);
    })();
    await driver.until(reading);
    const states = Object.fromEntries(reports.map(({ name, state }) => [name, state]));
    expect(reports).toHaveLength(31);
    expect(states["operations/unknown"]).toBe("error");
    names.forEach((name, index) => {
      expect(states[name]).toBe(index % 3 === 0 ? "succeeded" : "cancelled");
      expect(operations.find(name)?.operation.done).toBe(true);
    });
  });
});
