// SPDX-License-Identifier: Apache-2.0
// Cancels a hundred thousand operations through `cancelOperations`, in memory that does not grow with their number.
//
//   node --expose-gc bench/soak-bulk.mjs [--operations 100000] [--transport rest --transport grpc] [--concurrency 64]
//
// Prints its figures; exits with 1 when a name was not asked for or memory grew.
import { fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { createOperationsClient, createRestTransport } from "longrunning";
import { createGrpcTransport } from "longrunning/grpc";
import { check, endChecks, heapBytes, mb } from "./soak/checks.mjs";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "100000" },
    transport: { type: "string", multiple: true, default: ["rest", "grpc"] },
    concurrency: { type: "string", default: "64" },
  },
});

const transports = { grpc: createGrpcTransport, rest: createRestTransport };
const count = Number(values.operations);
const concurrency = Number(values.concurrency);
/** Growth of the heap between a tenth of the names and all of them that counts as none, in bytes. */
const MAX_GROWTH_BYTES = 2e6;

function* names() {
  for (let index = 0; index < count; index++) yield `operations/${index}`;
}

async function cancelAll(kind) {
  console.log(`\n${kind}: ${count} names, ${concurrency} at a time`);
  const server = fork(new URL("./soak/bulk-server.mjs", import.meta.url), [String(count)]);
  const [{ baseUrl }] = await once(server, "message");
  const transport = transports[kind]({ baseUrl });
  const operations = createOperationsClient({ transport });

  const states = {};
  let reports = 0;
  let heapEarly = 0;
  let rssEarly = 0;
  let rssMax = 0;
  const startMs = performance.now();
  const cpuStart = process.cpuUsage();
  for await (const { state } of operations.cancelOperations(names(), { concurrency })) {
    states[state] = (states[state] ?? 0) + 1;
    reports += 1;
    if (reports % 1000 === 0) rssMax = Math.max(rssMax, process.memoryUsage.rss());
    if (reports === count / 10) {
      heapEarly = await heapBytes();
      rssEarly = process.memoryUsage.rss();
    }
  }
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(cpuStart);
  const heapLate = await heapBytes();

  server.send("asked");
  const [{ asked }] = await once(server, "message");
  check(
    states.requested === count && asked === count,
    `${states.requested} reported as requested, ${asked} known to the server`,
  );
  console.log(
    `        ${Math.round(count / seconds)} calls a second, ${((user + system) / count).toFixed(0)} us of CPU each`,
  );
  check(
    heapLate - heapEarly < MAX_GROWTH_BYTES,
    `heap ${mb(heapEarly)} after a tenth, ${mb(heapLate)} at the end`,
  );
  console.log(`        resident ${mb(rssEarly)} after a tenth, ${mb(rssMax)} at most`);
  await transport.close();
  server.disconnect();
  await once(server, "exit");
}

for (const kind of values.transport) await cancelAll(kind);
endChecks();
