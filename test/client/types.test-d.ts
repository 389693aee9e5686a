// SPDX-License-Identifier: Apache-2.0
// Checked by the compiler alone: each line is right as it stands, or wrong where it says so.
import type { Message } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  ReportService,
  type RunReportMetadata,
  RunReportMetadataSchema,
  type RunReportResponse,
  RunReportResponseSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { type Operation, Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { Status } from "../../gen/google/rpc/status_pb.js";
import type { AdManagerClient } from "../../src/admanager.js";
import type {
  CancelReport,
  OperationHandle,
  OperationsClient,
  OperationsClientOptions,
  Outcome,
  Snapshot,
} from "../../src/index.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_same: Equal<A, B>) => undefined;

declare const client: OperationsClient;
declare const adManager: AdManagerClient;
declare const snapshot: Snapshot<RunReportResponse, RunReportMetadata>;
declare const outcome: Outcome<RunReportResponse, RunReportMetadata>;
declare const report: CancelReport;
const types = { response: RunReportResponseSchema, metadata: RunReportMetadataSchema };

export function snapshotsNarrowByState() {
  same<typeof snapshot.state, "running" | "succeeded" | "cancelled" | "failed">(true);
  same<typeof snapshot.metadata, RunReportMetadata | undefined>(true);
  // @ts-expect-error a running operation has no response
  snapshot.response;
  // @ts-expect-error nor an error
  snapshot.error;
  if (snapshot.state === "succeeded") {
    same<typeof snapshot.response, RunReportResponse | undefined>(true);
    // @ts-expect-error one that succeeded has no error
    snapshot.error;
  } else if (snapshot.state !== "running") {
    same<typeof snapshot.error, Status>(true);
  }
  // @ts-expect-error a snapshot is not to be written to
  snapshot.state = "running";
}

export function outcomesAreOver() {
  same<typeof outcome.state, "succeeded" | "cancelled" | "failed">(true);
  // @ts-expect-error an outcome is never running
  if (outcome.state === "running") return;
}

export async function handlesAreTyped() {
  const typed = client.operation("operations/1", types);
  same<typeof typed, OperationHandle<RunReportResponse, RunReportMetadata>>(true);
  same<Awaited<ReturnType<typeof typed.result>>, RunReportResponse | undefined>(true);
  for await (const { metadata } of typed.watch()) same<typeof metadata, RunReportMetadata | undefined>(true);

  const half = client.operation("operations/1", { metadata: RunReportMetadataSchema });
  same<typeof half, OperationHandle<Any, RunReportMetadata>>(true);
  const untyped = client.operation("operations/1");
  same<typeof untyped, OperationHandle<Any, Any>>(true);
  // @ts-expect-error a handle is not a promise
  typed.then;
  // @ts-expect-error a name is a string
  client.operation({ name: "operations/1" });
  // @ts-expect-error an option that is not there
  client.operation("operations/1", { respons: RunReportResponseSchema });

  same<
    Awaited<ReturnType<typeof adManager.runReport>>,
    OperationHandle<RunReportResponse, RunReportMetadata>
  >(true);
  same<ReturnType<typeof adManager.operation>, OperationHandle<RunReportResponse, RunReportMetadata>>(true);
}

export async function callsAreTyped() {
  same<Awaited<ReturnType<typeof client.cancelOperation>>, void>(true);
  same<Awaited<ReturnType<typeof client.getOperation>>, Operation>(true);
  await client.cancelOperation("operations/1", { signal: undefined, timeoutMs: undefined });
  // @ts-expect-error an object is not a name
  await client.cancelOperation({ name: "operations/1" });
  const cancelled = await client.cancelAndWait("operations/1", { onUnsupported: "wait", ...types });
  same<typeof cancelled, Outcome<RunReportResponse, RunReportMetadata>>(true);
  // @ts-expect-error not one of its words
  await client.cancelAndWait("operations/1", { onUnsupported: "ignore" });
}

export async function startsAreTyped() {
  const run = await client.startOperation(
    ReportService.method.runReport,
    { name: "networks/1/reports/2" },
    types,
  );
  same<typeof run, OperationHandle<RunReportResponse, RunReportMetadata>>(true);
  const request = { name: "networks/1/reports/2" };
  const { runReport } = ReportService.method;
  const untyped = await client.startOperation(runReport, request);
  same<typeof untyped, OperationHandle<Message, Message>>(true);
  const half = await client.startOperation(runReport, request, { response: RunReportResponseSchema });
  same<typeof half, OperationHandle<RunReportResponse, Message>>(true);
  const otherHalf = await client.startOperation(runReport, request, { metadata: RunReportMetadataSchema });
  same<typeof otherHalf, OperationHandle<Message, RunReportMetadata>>(true);
  // @ts-expect-error types are given by their schemas, not claimed
  await client.startOperation<typeof runReport.input, typeof RunReportResponseSchema>(runReport, request);
  // @ts-expect-error an option that is not there
  await client.startOperation(runReport, request, { respons: RunReportResponseSchema });
  // @ts-expect-error the request has no such field
  await client.startOperation(ReportService.method.runReport, { report: "networks/1/reports/2" });
  // @ts-expect-error the method does not return an operation
  await client.startOperation(Operations.method.listOperations, {});
}

export function adManagerHasNoMethodThatAlwaysThrows() {
  // @ts-expect-error Ad Manager has no ListOperations
  adManager.listOperations({ name: "networks/1" });
  // @ts-expect-error which a watch of a parent needs
  adManager.watchOperations({ name: "networks/1" });
  // @ts-expect-error nor DeleteOperation
  adManager.deleteOperation("networks/1/operations/reports/runs/2");
  // @ts-expect-error nor WaitOperation
  adManager.waitOperation("networks/1/operations/reports/runs/2");
}

export function reportsNarrowByState() {
  if (report.state === "error") report.error.message satisfies string;
  if (report.state === "cancelled") same<typeof report.outcome, Outcome>(true);
  // @ts-expect-error an accepted request has no outcome
  if (report.state === "requested") report.outcome;
}

export function optionsAreChecked(transport: OperationsClientOptions["transport"]) {
  const good: OperationsClientOptions[] = [
    { transport },
    { transport, retry: false },
    { transport, retry: undefined, polling: { initialMs: undefined, timeoutMs: Number.POSITIVE_INFINITY } },
  ];
  const bad: OperationsClientOptions[] = [
    // @ts-expect-error there is no client without a transport
    {},
    // @ts-expect-error retry is options or false
    { transport, retry: true },
    // @ts-expect-error an option that is not there
    { transport, timeout: 5 },
  ];
  return [good, bad];
}
