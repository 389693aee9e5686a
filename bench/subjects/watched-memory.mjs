// SPDX-License-Identifier: Apache-2.0
// The process that watches many operations and weighs them, each after its first poll. Argument: how many.
import { createOperationsClient } from "longrunning";
import { RunReportMetadataSchema } from "longrunning/gen/google/ads/admanager/v1/report_service_pb.js";
import { createAtOnceTransport } from "./at-once-transport.mjs";

const count = Number(process.argv[2]);
const operations = createOperationsClient({
  transport: createAtOnceTransport(),
  polling: { initialMs: 60_000, maxMs: 60_000 },
});
const types = { metadata: RunReportMetadataSchema };

/** Watches until the first poll is read; it then waits for the second, a minute from now. */
async function watch(name) {
  const snapshots = operations.operation(name, types).watch()[Symbol.asyncIterator]();
  await snapshots.next();
  return { snapshots, next: snapshots.next() };
}

async function bytesInUse() {
  for (let pass = 0; pass < 3; pass++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const names = Array.from({ length: count }, (_, index) => `networks/123/operations/reports/runs/${index}`);
const warm = await watch("networks/123/operations/reports/runs/warm");
const before = await bytesInUse();
const watched = [];
for (const name of names) watched.push(await watch(name));
const bytesEach = ((await bytesInUse()) - before) / watched.length;

await Promise.all([warm, ...watched].map(({ snapshots }) => snapshots.return()));
watched.length = 0;
const bytesLeft = ((await bytesInUse()) - before) / count;
process.send({ kilobytes: bytesEach / 1000, kilobytesLeft: bytesLeft / 1000 }, () => process.exit(0));
