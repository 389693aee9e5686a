// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack, anyUnpack } from "@bufbuild/protobuf/wkt";
import { Code, createClient, type Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import {
  ReportService,
  RunReportMetadataSchema,
  RunReportResponseSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { createFakeClock } from "../../src/testing.js";

const transports: [string, (baseUrl: string) => Transport][] = [
  ["gRPC", (baseUrl) => createGrpcTransport({ baseUrl })],
  ["gRPC-Web over HTTP/1.1", (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" })],
  ["gRPC-Web over HTTP/2", (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "2" })],
  ["Connect over HTTP/1.1", (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1" })],
  ["Connect over HTTP/2", (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2" })],
  [
    "Connect in binary",
    (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: true }),
  ],
];

describe.each(transports)("%s", (_, transportTo) => {
  const clock = createFakeClock();
  let emulator: Emulator;
  const clientOf = () => {
    const transport = transportTo(emulator.baseUrl);
    return {
      operations: createClient(Operations, transport),
      reports: createClient(ReportService, transport),
    };
  };
  beforeEach(async () => {
    emulator = await startEmulator({ clock, reportRuns: { durationMs: 1_000, cancelDelayMs: 100 } });
  });
  afterEach(() => emulator.close());

  test("a report run is started, watched, cancelled and looked at until it says CANCELLED", async () => {
    const { operations, reports } = clientOf();
    const { name } = await reports.runReport({ name: "networks/1/reports/2" });
    expect(name).toBe("networks/1/operations/reports/runs/1");
    await clock.advance(250);
    const { metadata } = await operations.getOperation({ name });
    expect(metadata && anyUnpack(metadata, RunReportMetadataSchema)).toMatchObject({
      percentComplete: 25,
      report: "networks/1/reports/2",
    });
    expect(await operations.cancelOperation({ name })).toEqual(expect.objectContaining({}));
    expect(await operations.getOperation({ name })).toMatchObject({ done: false });
    await clock.advance(100);
    expect(await operations.getOperation({ name })).toMatchObject({
      done: true,
      result: { case: "error", value: { code: 1 } },
    });
    await operations.cancelOperation({ name }); // of a finished one: OK
  });

  test("unknown names and methods that an operation lacks are errors with a code", async () => {
    const { operations, reports } = clientOf();
    const name = "operations/none";
    const notFound = expect.objectContaining({ code: Code.NotFound });
    await expect(operations.getOperation({ name })).rejects.toEqual(notFound);
    await expect(operations.cancelOperation({ name })).rejects.toEqual(notFound);
    await expect(operations.deleteOperation({ name })).rejects.toEqual(notFound);
    await expect(operations.waitOperation({ name })).rejects.toEqual(notFound);
    const stuck = emulator.operations.start({ onCancel: "unsupported" });
    await expect(operations.cancelOperation({ name: stuck })).rejects.toMatchObject({
      code: Code.Unimplemented,
    });
    await expect(operations.getOperation({})).rejects.toMatchObject({ code: Code.InvalidArgument });
    await expect(reports.runReport({ name: "reports/1" })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
  });

  test("pages cover the list once, filtered", async () => {
    const { operations } = clientOf();
    const started = Array.from({ length: 7 }, (_, n) =>
      emulator.operations.start({ durationMs: n % 2 === 0 ? 0 : 9 }),
    );
    const names: string[] = [];
    let pageToken = "";
    do {
      const page = await operations.listOperations({
        name: "operations",
        pageSize: 2,
        pageToken,
        filter: "done = true",
      });
      names.push(...page.operations.map(({ name }) => name));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(names).toEqual(started.filter((_, n) => n % 2 === 0));
  });

  test("resources that cannot be reached fail a list, or are named in it", async () => {
    const { operations } = clientOf();
    emulator.operations.setUnreachable(["projects/p/locations/l"]);
    await expect(operations.listOperations({})).rejects.toMatchObject({ code: Code.Unavailable });
    expect(await operations.listOperations({ returnPartialSuccess: true })).toMatchObject({
      unreachable: ["projects/p/locations/l"],
    });
  });

  test("a deleted operation is gone for clients and runs on", async () => {
    const { operations } = clientOf();
    const name = emulator.operations.start();
    await operations.deleteOperation({ name });
    await expect(operations.getOperation({ name })).rejects.toMatchObject({ code: Code.NotFound });
    expect(emulator.operations.find(name)).toMatchObject({
      deleted: true,
      cancelRequested: false,
      operation: { done: false },
    });
  });
});

test("a wait ends with the operation, with its timeout, or with a change on the way", async () => {
  const clock = createFakeClock();
  await using emulator = await startEmulator({ clock });
  const client = createClient(Operations, createGrpcTransport({ baseUrl: emulator.baseUrl }));
  const name = emulator.operations.start({ durationMs: 1_000, cancelDelayMs: 10 });

  const short = client.waitOperation({ name, timeout: { seconds: 0n, nanos: 400_000_000 } });
  await clock.whenSleeping();
  await clock.advance(400);
  expect(await short).toMatchObject({ done: false });

  const long = client.waitOperation({ name });
  await clock.whenSleeping();
  await client.cancelOperation({ name });
  await clock.whenSleeping();
  await clock.advance(10);
  expect(await long).toMatchObject({ done: true, result: { case: "error" } });

  const forgotten = emulator.operations.start();
  const wait = client.waitOperation({ name: forgotten });
  await clock.whenSleeping();
  await client.deleteOperation({ name: forgotten });
  await expect(wait).rejects.toMatchObject({ code: Code.NotFound });
  expect(clock.pending).toEqual([]);
});

test("a wait that its caller gives up leaves nothing behind", async () => {
  const clock = createFakeClock();
  await using emulator = await startEmulator({ clock });
  const client = createClient(Operations, createGrpcTransport({ baseUrl: emulator.baseUrl }));
  const caller = new AbortController();
  const wait = client.waitOperation({ name: emulator.operations.start() }, { signal: caller.signal });
  await clock.whenSleeping();
  caller.abort();
  await expect(wait).rejects.toMatchObject({ code: Code.Canceled });
  await client.getOperation({ name: "operations/1" }); // on the same connection, so after the server heard of it
  expect(clock.pending).toEqual([]);
});

test("errors carry their details over every protocol", async () => {
  const details = [anyPack(RunReportResponseSchema, create(RunReportResponseSchema, { reportResult: "r" }))];
  await using emulator = await startEmulator();
  const name = emulator.operations.start({ durationMs: 0, error: { code: 5, message: "Gone.", details } });
  for (const [, transport] of transports) {
    const operation = await createClient(Operations, transport(emulator.baseUrl)).getOperation({ name });
    expect(operation.result).toMatchObject({ case: "error", value: { code: 5, message: "Gone.", details } });
  }
});

test("an unknown method is UNIMPLEMENTED for a gRPC client", async () => {
  await using emulator = await startEmulator();
  for (const transport of [createGrpcTransport, createGrpcWebTransport]) {
    const other = { ...Operations.method.getOperation, name: "Nothing" };
    const call = transport({ baseUrl: emulator.baseUrl, httpVersion: "2" }).unary(
      other,
      undefined,
      1_000,
      {},
      {},
    );
    await expect(call).rejects.toMatchObject({ code: Code.Unimplemented });
  }
});
