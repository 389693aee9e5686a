// SPDX-License-Identifier: Apache-2.0
// The process that cancels many operations through `cancelOperations`, for each message as many as it says.
import { createOperationsClient } from "longrunning";
import { createAtOnceTransport } from "./at-once-transport.mjs";

const operations = createOperationsClient({ transport: createAtOnceTransport() });

function* names(count) {
  for (let index = 0; index < count; index++) yield `networks/123/operations/reports/runs/${index}`;
}

/** Cancels `count` names, `times` over. */
async function measure({ count, times }) {
  const cpuStart = process.cpuUsage();
  let requested = 0;
  for (let time = 0; time < times; time++) {
    for await (const report of operations.cancelOperations(names(count))) {
      if (report.state === "requested") requested += 1;
    }
  }
  if (requested !== count * times) throw new Error(`${requested} names were accepted of ${count * times}`);
  const { user, system } = process.cpuUsage(cpuStart);
  return { cpuUs: user + system };
}

process.on("message", (run) => {
  measure(run).then(
    (result) => process.send(result),
    (error) => process.send({ error: String(error.stack ?? error) }),
  );
});
process.once("disconnect", () => process.exit(0));
process.send({ ready: true });
