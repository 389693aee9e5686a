// SPDX-License-Identifier: Apache-2.0
// The process that cancels operations with names of many lengths: for each message, one length. `fetch` responds at once,
// so what is measured is checking the name and writing the path.
import { createOperationsClient, createRestTransport } from "longrunning";

const headers = { "content-type": "application/json" };
const transport = createRestTransport({
  baseUrl: "http://127.0.0.1",
  fetch: async () => new Response("{}", { headers }),
});
const operations = createOperationsClient({ transport });

/** A name of `length` characters in segments of nine. */
function nameOf(length) {
  return `operations/${"segment09/".repeat(length / 10 + 1)}`.slice(0, length - 1).concat("x");
}

async function measure({ length, times }) {
  const name = nameOf(length);
  const cpuStart = process.cpuUsage();
  for (let time = 0; time < times; time++) await operations.cancelOperation(name);
  const { user, system } = process.cpuUsage(cpuStart);
  return { cpuUs: (user + system) / times };
}

process.on("message", (run) => {
  measure(run).then(
    (result) => process.send(result),
    (error) => process.send({ error: String(error.stack ?? error) }),
  );
});
process.once("disconnect", () => process.exit(0));
process.send({ ready: true });
