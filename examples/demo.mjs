// SPDX-License-Identifier: Apache-2.0
// The main job, end to end, against the emulator: start a report run, watch it, cancel it, and poll until it says how it
// ended - over REST and over gRPC; then the two ways in which a cancel does not cancel.
// Exit status 0 only if every outcome is the expected one. Run it with `npm run demo`.
import { createOperationsClient, createRestTransport, isCallError } from "longrunning";
import {
  createAdManagerClient,
  RunReportMetadataSchema,
  RunReportResponseSchema,
} from "longrunning/admanager";
import { startEmulator } from "longrunning/emulator";
import { ReportService } from "longrunning/gen/google/ads/admanager/v1/report_service_pb";
import { createGrpcTransport } from "longrunning/grpc";

const report = "networks/123/reports/789";
const types = { response: RunReportResponseSchema, metadata: RunReportMetadataSchema };
/** Short pauses: the runs of this demo take two seconds, not minutes. */
const polling = { initialMs: 200, multiplier: 1, maxMs: 200, jitter: 0, timeoutMs: 5_000 };

let unexpected = 0;

/** Prints a line, and counts it when it is not what it should be. */
function check(what, found, expected) {
  const ok = found === expected;
  if (!ok) unexpected += 1;
  console.log(`  ${ok ? "ok    " : "WRONG "} ${what}: ${found}${ok ? "" : ` (expected ${expected})`}`);
}

const describe = ({ state, error }) =>
  error === undefined ? state : `${state} (code ${error.code}: ${error.message})`;

/** Starts a run, shows its progress up to a quarter, cancels it, and polls until it is done. */
async function cancelRun(operations) {
  const run = await operations.startOperation(ReportService.method.runReport, { name: report }, types);
  console.log(`  started ${run.name}`);
  for await (const { state, metadata } of run.watch()) {
    console.log(`  ${state}, ${metadata?.percentComplete ?? 0} %`);
    if ((metadata?.percentComplete ?? 0) >= 25) break;
  }
  await run.cancel();
  console.log("  cancel accepted; nothing more is claimed until a poll says so");
  const outcome = await run.wait();
  console.log(`  ${describe(outcome)}`);
  check("outcome", outcome.state, "cancelled");
  check("google.rpc.Status code", outcome.error?.code, 1);
  return run.name;
}

const reportRuns = { durationMs: 2_000, cancelDelayMs: 300 };
const emulator = await startEmulator({ reportRuns });
const { baseUrl } = emulator;
const grpc = createGrpcTransport({ baseUrl });
const rest = createRestTransport({ baseUrl });
try {
  console.log(`\n1. REST: an Ad Manager report run on ${baseUrl}`);
  const adManager = createAdManagerClient({ baseUrl, polling });
  const name = await cancelRun(adManager);
  const sent = emulator.calls.find((call) => call.method === "google.longrunning.Operations.CancelOperation");
  console.log(`  sent: ${sent?.requestLine}`);
  check("request line", sent?.requestLine, `POST /v1/${name}:cancel HTTP/1.1`);
  check("content-length", sent?.headers["content-length"], "0");

  console.log(`\n2. gRPC: the same, on the same port`);
  const operations = createOperationsClient({ transport: grpc, polling });
  await cancelRun(operations);
  const last = emulator.calls.findLast(
    (call) => call.method === "google.longrunning.Operations.CancelOperation",
  );
  console.log(`  sent: ${last?.requestLine} over ${last?.protocol}`);
  check("protocol", last?.protocol, "grpc");

  console.log("\n3. An operation that finishes in spite of the cancel");
  const overRest = createOperationsClient({ transport: rest, polling });
  for (const [protocol, client] of [
    ["REST", overRest],
    ["gRPC", operations],
  ]) {
    const stubborn = emulator.operations.start({ durationMs: 600, onCancel: "ignores" });
    const outcome = await client.cancelAndWait(stubborn);
    check(`${protocol}, ${stubborn}`, outcome.state, "succeeded");
  }

  console.log("\n4. A server that does not cancel this kind of operation");
  for (const [protocol, client] of [
    ["REST", overRest],
    ["gRPC", operations],
  ]) {
    const uncancellable = emulator.operations.start({ onCancel: "unsupported" });
    const error = await client.cancelOperation(uncancellable).catch((thrown) => thrown);
    if (!isCallError(error)) throw error ?? new Error("the cancel was accepted");
    console.log(`  ${error.message}`);
    check(`${protocol}, reason`, error.reason, "cancel-unsupported");
    check(`${protocol}, still`, (await client.operation(uncancellable).poll()).state, "running");
  }
} finally {
  await Promise.all([rest.close(), grpc.close()]);
  await emulator.close();
}

console.log(unexpected === 0 ? "\nEvery outcome is the expected one." : `\n${unexpected} unexpected.`);
process.exitCode = unexpected === 0 ? 0 : 1;
