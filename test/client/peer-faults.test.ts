// SPDX-License-Identifier: Apache-2.0
// What other clients of long-running operations get wrong, and no other test here has: each on a real socket.
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { createAdManagerClient } from "../../src/admanager.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { createOperationsClient, createRestTransport } from "../../src/index.js";

let emulator: Emulator;
const closing: { close(): Promise<void> | void }[] = [];

beforeEach(async () => {
  emulator = await startEmulator();
});

afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
  await emulator.close();
});

function closed<T extends { close(): Promise<void> | void }>(one: T): T {
  closing.push(one);
  return one;
}

test("polls and cancels carry the routing header over gRPC", async () => {
  const client = createOperationsClient({
    transport: closed(createGrpcTransport({ baseUrl: emulator.baseUrl })),
  });
  const name = emulator.operations.start({ cancelDelayMs: 0 });
  await client.cancelAndWait(name);
  const routed = emulator.calls.map((call) => call.headers["x-goog-request-params"]);
  expect(routed).toEqual(Array(emulator.calls.length).fill(`name=${encodeURIComponent(name)}`));
});

test("an ErrorInfo in an operation's error leaves it readable over REST, and its details whole", async () => {
  const info = create(ErrorInfoSchema, { reason: "QUOTA", domain: "example.com", metadata: { limit: "5" } });
  const name = emulator.operations.start({
    durationMs: 0,
    error: { code: 8, message: "no quota", details: [anyPack(ErrorInfoSchema, info)] },
  });
  const client = createOperationsClient({
    transport: closed(createRestTransport({ baseUrl: emulator.baseUrl })),
  });
  const thrown = await client
    .operation(name)
    .result()
    .catch((error) => error);
  expect(thrown).toMatchObject({ name: "OperationError", code: 8 });
  expect(thrown.findDetails(ErrorInfoSchema)).toEqual([info]);
});

test("the rules of one API are unknown to the client of another in the same process", async () => {
  const adManager = closed(createAdManagerClient({ baseUrl: emulator.baseUrl }));
  const plain = createOperationsClient({
    transport: closed(createRestTransport({ baseUrl: emulator.baseUrl })),
  });
  const run = emulator.operations.start({ parent: "networks/1/operations/reports/runs" });
  const other = emulator.operations.start();
  await adManager.cancelOperation(run);
  await plain.cancelOperation(other);
  await expect(plain.cancelOperation(run)).rejects.toMatchObject({ requestSent: false });
  await expect(adManager.cancelOperation(other)).rejects.toMatchObject({ requestSent: false });
});

test("a server that is gone for a moment does not end a wait", async () => {
  const { port } = emulator;
  const client = createOperationsClient({
    transport: closed(createRestTransport({ baseUrl: emulator.baseUrl })),
    retry: false,
    polling: { initialMs: 5, maxMs: 5 },
  });
  const name = emulator.operations.start({ id: "again" });
  const run = client.operation(name);
  await run.poll();
  await emulator.close();
  const wait = run.wait();
  emulator = await startEmulator({ port });
  emulator.operations.start({ id: "again", durationMs: 0 });
  expect(await wait).toMatchObject({ state: "succeeded", name });
});

test("a wait's time is up although a server does not respond for longer than this test may take", async () => {
  emulator.faults.add({ kind: "delay", minMs: 30_000 });
  const client = createOperationsClient({
    transport: closed(createRestTransport({ baseUrl: emulator.baseUrl })),
  });
  await expect(client.operation("operations/1").wait({ timeoutMs: 100 })).rejects.toMatchObject({
    name: "WaitTimeoutError",
  });
});
