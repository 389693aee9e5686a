// SPDX-License-Identifier: Apache-2.0
// The process that watches or cancels so many operations once and weighs that. Arguments: how, and how many. The server's messages
// are made before, so that the client is what costs.
import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { createOperationsClient } from "longrunning";
import {
  ListOperationsResponseSchema,
  OperationSchema,
} from "longrunning/gen/google/longrunning/operations_pb.js";

const PAGE_SIZE = 1_000;
const [how, countText] = process.argv.slice(2);
const count = Number(countText);
const names = Array.from({ length: count }, (_, index) => `projects/p/operations/${index}`);
const running = new Map(names.map((name) => [name, create(OperationSchema, { name })]));
const messages = [...running.values()];
const pages = Array.from({ length: Math.ceil(count / PAGE_SIZE) }, (_, page) =>
  create(ListOperationsResponseSchema, {
    operations: messages.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE),
    nextPageToken: (page + 1) * PAGE_SIZE < count ? String(page + 1) : "",
  }),
);
const empty = create(EmptySchema);
const header = new Headers();
let calls = 0;

const respond = {
  GetOperation: ({ name }) => running.get(name) ?? create(OperationSchema, { name }),
  ListOperations: ({ pageToken }) => pages[Number(pageToken || 0)],
  CancelOperation: () => empty,
};
const transport = {
  unary: async (method, _signal, _timeoutMs, _header, request) => {
    calls += 1;
    const message = respond[method.name](request);
    return { stream: false, service: method.parent, method, header, trailer: header, message };
  },
  stream: () => Promise.reject(new Error("there are no streams here")),
};
const client = createOperationsClient({ transport, polling: { initialMs: 600_000, maxMs: 600_000 } });

const watchOne = async (name) => {
  const snapshots = client.operation(name).watch();
  await snapshots.next();
  return { snapshots, next: snapshots.next() };
};
const WAYS = {
  get: async (some) => {
    const watched = [];
    for (const name of some) watched.push(await watchOne(name));
    return () => Promise.all(watched.map(({ snapshots }) => snapshots.return()));
  },
  list: async (some) => {
    const changes = client.watchOperations({ name: "projects/p", pageSize: PAGE_SIZE });
    for (let left = some.length; left > 0; left--) await changes.next();
    const next = changes.next();
    return () => Promise.all([next, changes.return()]);
  },
  cancel: async (some) => {
    for await (const { state } of client.cancelOperations(some))
      if (state !== "requested") throw new Error(state);
    return () => undefined;
  },
};

async function bytesInUse() {
  for (let pass = 0; pass < 3; pass++) {
    await new Promise(setImmediate);
    gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

// Warm, so that a few operations do not measure the compiler.
for (let time = 0; time < 2_000; time++) await (await WAYS.get([`projects/p/operations/warm${time}`]))();
for (let time = 0; time < 20; time++) await (await WAYS.cancel(names.slice(0, 100)))();

const before = await bytesInUse();
calls = 0;
const start = process.cpuUsage();
const stop = await WAYS[how](names);
const { user, system } = process.cpuUsage(start);
const result = { cpuUs: user + system, calls, bytes: (await bytesInUse()) - before };
process.send(result, () => process.exit(0));
await stop();
