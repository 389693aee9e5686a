// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";

// A program whose calls are given up while the first connection is being made, each on a transport of its own: in the
// same tick, in the next ones, and after up to 20 ms. It prints how the calls ended, and how the last one does.

const [baseUrl = "", count = "100"] = process.argv.slice(2);
const endings = new Map<string, number>();

function giveUp(controller: AbortController, index: number): void {
  const abort = () => controller.abort();
  const ways = [abort, () => queueMicrotask(abort), () => setImmediate(abort)];
  const way = ways[index % (ways.length + 1)] ?? (() => setTimeout(abort, index % 20));
  way();
}

async function run(): Promise<void> {
  for (let index = 0; index < Number(count); index++) {
    const transport = createGrpcTransport({ baseUrl });
    const controller = new AbortController();
    const options = index % 5 === 0 ? { timeoutMs: 1 + (index % 4) } : { signal: controller.signal };
    const call = createClient(Operations, transport).cancelOperation({ name: "operations/1" }, options);
    giveUp(controller, index);
    const ending = await call.then(
      () => "accepted",
      (error: Error & { reason?: string }) => error.reason ?? error.message,
    );
    endings.set(ending, (endings.get(ending) ?? 0) + 1);
    await transport.close();
  }
  const known = ["accepted", "aborted-by-caller", "deadline-exceeded"];
  const others = [...endings].filter(([ending]) => !known.includes(ending));
  const transport = createGrpcTransport({ baseUrl });
  const last = await createClient(Operations, transport).cancelOperation({ name: "operations/1" });
  await transport.close();
  console.log(JSON.stringify({ others, last: last.$typeName }));
}

void run();
