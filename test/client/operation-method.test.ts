// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { ReportServiceOperations } from "../../gen/google/ads/admanager/v1/report_service_longrunning.js";
import {
  ReportService,
  RunReportRequestSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { createOperationsClient, operationMethod } from "../../src/index.js";
import { createFakeOperations } from "../../src/testing.js";

// A method whose request has an id (AIP-155). The name stands for the id: no method of Ad Manager has one.

const UNAVAILABLE = {
  kind: "error",
  method: "google.ads.admanager.v1.ReportService.RunReport",
  code: Code.Unavailable,
} as const;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function withId() {
  const fake = createFakeOperations();
  fake.serve(ReportServiceOperations, { runReport: () => ({ reportResult: "r" }) });
  const client = createOperationsClient({ transport: fake.transport, clock: fake.clock });
  const types = { ...ReportServiceOperations.methods.runReport, requestIdField: "name" };
  const start = operationMethod(client, ReportService.method.runReport, types);
  const ids = () =>
    fake.calls.map(({ message }) => (message as { readonly name?: string } | undefined)?.name ?? "");
  return { fake, start, ids };
}

test("two starts of one message are two requests, and the message stays as it is", async () => {
  const { start, ids } = withId();
  const request = create(RunReportRequestSchema);
  await start(request);
  await start(request);
  const [first, second] = ids();
  expect([first, second]).toEqual([expect.stringMatching(UUID), expect.stringMatching(UUID)]);
  expect(first).not.toBe(second);
  expect(request.name).toBe("");
});

test("a start with an id is retried, each time with the same id", async () => {
  const { fake, start, ids } = withId();
  fake.faults.add({ ...UNAVAILABLE, times: 2 });
  const started = start({}, { idempotent: undefined });
  await fake.clock.advance(60_000);
  await started;
  expect(new Set(ids()).size).toBe(1);
  expect(ids()).toHaveLength(3);
});

test.each([
  ["switched off", { requestId: false }],
  ["with idempotent: false", { idempotent: false }],
])("%s, a start is sent once", async (_, options) => {
  const { fake, start, ids } = withId();
  fake.faults.add({ ...UNAVAILABLE, times: 2 });
  await expect(start({}, options)).rejects.toMatchObject({ code: Code.Unavailable });
  expect(ids()).toHaveLength(1);
});

test("an id of the caller's own is kept", async () => {
  const { start, ids } = withId();
  await start({ name: "mine" });
  expect(ids()).toEqual(["mine"]);
});

test("requestId takes a boolean only", async () => {
  const { start } = withId();
  await expect(start({}, { requestId: "no" as never })).rejects.toThrow(
    new TypeError("requestId: invalid value (got no; expected true or false)"),
  );
});
