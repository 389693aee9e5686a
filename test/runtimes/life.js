// SPDX-License-Identifier: Apache-2.0
// What every runtime does: start, watch, cancel, cancelAndWait.
import { CallError, createOperationsClient } from "longrunning";
import { createAdManagerClient, ReportService } from "longrunning/admanager";

const polling = { initialMs: 10 };

/** Over REST, by the runtime's own HTTP. */
export function overRest({ baseUrl, running }) {
  return lifeWith(createAdManagerClient({ baseUrl, polling }), running);
}

/** Over any transport of Connect's. */
export function overTransport(transport, { running }) {
  return lifeWith(createOperationsClient({ transport, polling }), running);
}

async function lifeWith(operations, [first, second]) {
  const run = await operations.startOperation(ReportService.method.runReport, {
    name: "networks/1/reports/2",
  });
  const watched = [];
  for await (const { state } of run.watch()) watched.push(state);
  await operations.cancelOperation(first);
  const { state: cancelled } = await operations.operation(first).wait();
  const outcome = await operations.cancelAndWait(second);
  const error = await operations.getOperation(`${second}0`).catch((reason) => reason);
  return {
    watched: watched.at(-1),
    cancelled,
    outcome: [outcome.state, outcome.error.code],
    error: [error instanceof CallError, error.reason],
  };
}
