// SPDX-License-Identifier: Apache-2.0
import { getHeapSpaceStatistics } from "node:v8";
import { createOperationsClient, createRestTransport } from "../../src/index.js";
import type { Dispatcher } from "../../src/transport/http/dispatcher.js";

// A program that lists large pages, one after the other, and keeps none. It says by how many bytes V8's old generation has grown,
// for each byte of the pages. Only the new generation is collected meanwhile, so that what survives that shows. Run it with --expose-gc.

const CALLS = 60;
const page = Buffer.from(
  JSON.stringify({
    operations: Array.from({ length: 500 }, (_, index) => ({ name: `operations/${index}` })),
  }),
);

const controller = { pause: () => undefined, resume: () => undefined, abort: () => undefined };
const dispatcher: Dispatcher = {
  dispatch(_request, handler) {
    handler.onRequestStart(controller, {});
    setImmediate(() => {
      handler.onResponseStart(controller, 200, { "content-type": "application/json" });
      handler.onResponseData(controller, Buffer.from(page));
      handler.onResponseEnd(controller);
    });
    return true;
  },
};

function oldGenerationBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name: name }) => name === "old_space" || name === "large_object_space")
    .reduce((sum, { space_used_size: bytes }) => sum + bytes, 0);
}

async function main(): Promise<void> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("run with --expose-gc");
  const operations = createOperationsClient({
    transport: createRestTransport({ baseUrl: "http://127.0.0.1:1", dispatcher }),
  });
  const listTimes = async (times: number) => {
    for (let call = 0; call < times; call++) {
      for await (const { name } of operations.listOperations({ name: "operations" })) name.at(0);
      gc({ type: "minor" });
    }
  };
  await listTimes(CALLS); // the code is compiled
  gc();
  const before = oldGenerationBytes();
  await listTimes(CALLS);
  console.log(((oldGenerationBytes() - before) / (CALLS * page.length)).toFixed(3));
}

void main();
