// SPDX-License-Identifier: Apache-2.0
// A million calls of one emulator, with its page open: its memory stays where it was after the first tenth, and the page goes on
// getting updates of a bounded size.
//
//   node bench/soak-emulator.mjs [--calls 1000000] [--in-flight 32]
//
// Prints its figures; exits with 1 when memory grew or an update was late or large.
import { Agent, get } from "node:http";
import { connect } from "node:http2";
import { parseArgs } from "node:util";
import { toBinary } from "@bufbuild/protobuf";
import { GetOperationRequestSchema } from "longrunning/gen/google/longrunning/operations_pb.js";
import { startProcess } from "./process.mjs";
import { check, endChecks, mb } from "./soak/checks.mjs";

const { values } = parseArgs({
  options: { calls: { type: "string", default: "1000000" }, "in-flight": { type: "string", default: "32" } },
});
const calls = Number(values.calls);
const inFlight = Number(values["in-flight"]);
/** Growth of the heap between a tenth of the calls and all of them that counts as none, in bytes. */
const MAX_GROWTH_BYTES = 4e6;
const MAX_UPDATE_BYTES = 512 * 1024;

const server = startProcess("soak/emulator-server.mjs", [], ["--expose-gc"]);
const { port } = await server.next();
const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
const session = connect(`http://127.0.0.1:${port}`);

/** What a page does: it reads every update. */
const updates = { count: 0, largestBytes: 0, calls: 0 };
let text = "";
get({ port, host: "127.0.0.1", path: "/emulator/v1/events" }, (response) => {
  response.setEncoding("utf8").on("data", (chunk) => {
    const events = (text + chunk).split("\n\n");
    text = events.pop();
    for (const event of events.filter((one) => one.startsWith("data: "))) {
      const update = JSON.parse(event.slice("data: ".length));
      updates.count++;
      updates.largestBytes = Math.max(updates.largestBytes, event.length);
      updates.calls += (update.calls?.length ?? 0) + (update.skippedCalls ?? 0);
    }
  });
});

const rest = (at) =>
  new Promise((resolve, reject) => {
    const path = `/v1/operations/${at % 1_000}`;
    const request = get({ agent, port, host: "127.0.0.1", path }, (response) =>
      response.resume().on("end", resolve),
    );
    // A connection may end, idle for as long as the server lets it, just when a request goes out on it.
    request.on("error", (error) => (request.reusedSocket ? resolve(rest(at)) : reject(error)));
  });
const grpc = (at) =>
  new Promise((resolve, reject) => {
    const message = toBinary(GetOperationRequestSchema, {
      $typeName: "google.longrunning.GetOperationRequest",
      name: `operations/${at % 1_000}`,
    });
    const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]);
    const stream = session.request({
      ":method": "POST",
      ":path": "/google.longrunning.Operations/GetOperation",
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.on("error", reject).on("end", resolve).resume().end(frame);
  });

let sent = 0;
const startMs = performance.now();
const lines = [];
async function worker(limit) {
  while (sent < limit) {
    const at = sent++;
    await (at % 2 === 0 ? rest(at) : grpc(at));
  }
}
for (let tenth = 1; tenth <= 10; tenth++) {
  const limit = (calls * tenth) / 10;
  await Promise.all(Array.from({ length: inFlight }, () => worker(limit)));
  const { heapBytes, rssBytes, calls: kept } = await server.ask({});
  lines.push({ heapBytes, rssBytes });
  const rate = Math.round(sent / ((performance.now() - startMs) / 1_000));
  console.log(
    `${sent} calls, ${rate} a second: heap ${mb(heapBytes)}, memory ${mb(rssBytes)}, ` +
      `${kept} calls kept; ${updates.count} updates, the largest ${updates.largestBytes} bytes`,
  );
}
const growthBytes = lines.at(-1).heapBytes - lines[0].heapBytes;
const isBounded = updates.largestBytes <= MAX_UPDATE_BYTES && updates.count > 0;
check(growthBytes <= MAX_GROWTH_BYTES, `the heap grew by ${mb(growthBytes)} after the first tenth`);
check(isBounded, `updates told of ${updates.calls} calls, each update bounded`);
agent.destroy();
session.destroy();
await server.stop();
process.exit(endChecks() === 0 ? 0 : 1);
