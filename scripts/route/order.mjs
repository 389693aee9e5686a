// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { Worker } from "node:worker_threads";

/**
 * Functions in the order in which `call` first enters them. A second thread pauses this one at each of them, since a
 * paused thread cannot debug itself.
 */
export async function orderOf(functions, call) {
  const worker = new Worker(new URL("./watch-main-thread.mjs", import.meta.url), {
    workerData: functions.map(({ scriptId, start }) => ({ scriptId, start })),
  });
  await once(worker, "message");
  await call();
  worker.postMessage("report");
  const [order] = await once(worker, "message");
  await worker.terminate();
  return order.map((index) => functions[index]);
}
