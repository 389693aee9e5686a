// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import {
  createReportServiceOperations,
  ReportServiceOperations,
} from "../../gen/google/ads/admanager/v1/report_service_longrunning.js";
import { ReportService } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { startEmulator } from "../../src/emulator.js";
import { createOperationsClient, createRestTransport } from "../../src/index.js";
import type { ServiceOperationsImpl } from "../../src/testing.js";
import { createFakeOperations } from "../../src/testing.js";

// A service with the types of its operations, as protoc-gen-longrunning writes it: what an implementation returns is plain.

type Implementation = ServiceOperationsImpl<
  typeof ReportService,
  (typeof ReportServiceOperations)["methods"]
>;
const polling = { initialMs: 1_000, multiplier: 1, maxMs: 1_000, jitter: 0 };

function served(implementation: Implementation) {
  const fake = createFakeOperations();
  fake.serve(ReportServiceOperations, implementation);
  const client = createOperationsClient({ transport: fake.transport, clock: fake.clock, polling });
  /** What a run comes to in the first seconds of the fake's time. */
  const endOf = async <T>(end: Promise<T>) => {
    await fake.clock.advance(5_000);
    return end;
  };
  return { fake, client, reports: createReportServiceOperations(client), endOf };
}

const REPORT = { name: "networks/1/reports/2" };

test("a plain response ends the operation at once, packed as the method's option says", async () => {
  const { reports } = served({ runReport: ({ name }) => ({ reportResult: `${name}/results/3` }) });
  const run = await reports.runReport(REPORT);
  expect(run.name).toMatch(/^networks\/1\/reports\/2\/operations\/\d+$/);
  expect(await run.result()).toMatchObject({ reportResult: "networks/1/reports/2/results/3" });
  expect((await run.poll()).metadata).toMatchObject({ percentComplete: 0 });
});

test("a course leads to the response in the emulator's time, with metadata from several moments on", async () => {
  const { fake, reports } = served({
    runReport: ({ name }, course) =>
      course({
        durationMs: 4_000,
        metadata: [
          { afterMs: 0, metadata: { report: name } },
          { afterMs: 2_000, metadata: { report: name, percentComplete: 70 } },
        ],
        response: { reportResult: "r" },
      }),
  });
  const run = await reports.runReport(REPORT);
  const percentages: number[] = [];
  const watching = (async () => {
    for await (const { metadata } of run) percentages.push(metadata?.percentComplete ?? -1);
  })();
  await fake.clock.advance(10_000);
  await watching;
  expect(percentages).toEqual([0, 70, 70]);
  expect(await run.result()).toMatchObject({ reportResult: "r" });
});

test("a promise leaves the operation running until it settles", async () => {
  let settle: (value: { reportResult: string }) => void = () => undefined;
  const { reports, endOf } = served({ runReport: () => new Promise((resolve) => (settle = resolve)) });
  const run = await reports.runReport(REPORT);
  expect((await run.poll()).state).toBe("running");
  settle({ reportResult: "late" });
  expect(await endOf(run.result())).toMatchObject({ reportResult: "late" });
});

test("a promise that rejects is the operation's error, details included", async () => {
  const details = [{ desc: RetryInfoSchema, value: { retryDelay: { seconds: 3n } } }];
  const { reports, endOf } = served({
    runReport: () => Promise.reject(new ConnectError("No rows.", Code.DataLoss, undefined, details)),
  });
  const outcome = await endOf((await reports.runReport(REPORT)).wait());
  expect(outcome).toMatchObject({
    state: "failed",
    error: {
      code: Code.DataLoss,
      message: "No rows.",
      details: [{ typeUrl: expect.stringContaining("RetryInfo") }],
    },
  });
});

test.each([
  ["thrown by an implementation", () => Promise.reject(new TypeError("a mistake")), "a mistake"],
  ["a promise of nothing", async () => undefined as never, "returned undefined; expected a response"],
])("%s is INTERNAL in the operation", async (_, runReport, message) => {
  const { reports, endOf } = served({ runReport });
  const outcome = await endOf((await reports.runReport(REPORT)).wait());
  const error = { code: Code.Internal, message: expect.stringContaining(message) };
  expect(outcome).toMatchObject({ state: "failed", error });
});

test.each([
  [
    "an error that is thrown at once",
    () => {
      throw new ConnectError("No.", Code.PermissionDenied);
    },
    Code.PermissionDenied,
  ],
  ["a forgotten return", () => undefined as never, Code.Internal],
])("%s fails the call, and nothing is started", async (_, runReport, code) => {
  const { fake, reports } = served({ runReport });
  await expect(reports.runReport(REPORT)).rejects.toMatchObject({ code });
  expect(fake.operations.find("networks/1/reports/2/operations/1")).toBeUndefined();
});

test("a promise that settles after its operation was cancelled or deleted changes nothing", async () => {
  const settle: (() => void)[] = [];
  const { fake, client, reports } = served({
    runReport: () => new Promise((resolve) => settle.push(() => resolve({ reportResult: "late" }))),
  });
  const [cancelled, deleted] = [await reports.runReport(REPORT), await reports.runReport(REPORT)];
  await client.cancelOperation(cancelled.name);
  await client.deleteOperation(deleted.name);
  await fake.clock.advance(1_000);
  for (const one of settle) one();
  await fake.clock.advance(1_000);
  expect((await cancelled.poll()).state).toBe("cancelled");
  expect(fake.operations.find(deleted.name)).toMatchObject({ deleted: true, operation: { done: false } });
});

test("the emulator serves it over its protocols", async () => {
  await using emulator = await startEmulator();
  emulator.serve(ReportServiceOperations, { runReport: () => ({ reportResult: "r" }) });
  const transport = createRestTransport({ baseUrl: emulator.baseUrl });
  const client = createOperationsClient({ transport });
  const run = await createReportServiceOperations(client).runReport(REPORT);
  expect(await run.result()).toMatchObject({ reportResult: "r" });
  await transport.close();
});

test("methods left out are UNIMPLEMENTED", async () => {
  const { fake } = served({});
  await expect(createClient(ReportService, fake.transport).runReport(REPORT)).rejects.toMatchObject({
    code: Code.Unimplemented,
  });
});

// Types: these never run.
() => {
  // @ts-expect-error a response of this method has no rows
  served({ runReport: () => ({ rows: 1 }) });
  // @ts-expect-error metadata of this method has no such field
  served({ runReport: (_, course) => course({ metadata: { percent: 1 } }) });
  // @ts-expect-error no method of this service
  served({ runReports: () => ({}) });
  // @ts-expect-error a request has no such field
  served({ runReport: ({ report }) => ({ reportResult: report }) });
};
