// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import type { WaitReport } from "../../../src/index.js";
import { failed, never, running, type SeenCall, setUp, succeeded } from "../scripted-server.js";

async function readAll(reports: AsyncIterable<WaitReport>): Promise<WaitReport[]> {
  const read: WaitReport[] = [];
  for await (const report of reports) read.push(report);
  return read;
}

test("reports each name as it ends, an error like the others", async () => {
  const ends: Record<string, object> = {
    a: failed(1, "", "a"),
    b: succeeded("b"),
    c: new ConnectError("gone", Code.NotFound),
    d: running(1, "d"),
  };
  const { clock, client } = setUp({
    GetOperation: ({ name }: SeenCall) => {
      const end = ends[name] ?? never;
      return end instanceof ConnectError ? Promise.reject(end) : end;
    },
  });
  const read = readAll(client.waitOperations(["a", "b", "c", "d"], { timeoutMs: 5000 }));
  await clock.advance(5000);
  expect(await read).toMatchObject([
    { name: "a", state: "cancelled", outcome: { error: { code: 1 } } },
    { name: "b", state: "succeeded", outcome: { state: "succeeded" } },
    { name: "c", state: "error", error: { reason: "not-found" } },
    { name: "d", state: "error", error: { name: "WaitTimeoutError", operationName: "d" } },
  ]);
});

test("waits for no more at one time than it is told, and sends nothing before it is read", async () => {
  const { clock, server, client } = setUp({ GetOperation: ({ name }: SeenCall) => running(0, name) });
  const controller = new AbortController();
  const reports = client.waitOperations(["a", "b", "c", "d", "e"], {
    concurrency: 2,
    signal: controller.signal,
  });
  await clock.advance(0);
  expect(server.calls).toEqual([]);
  const read = readAll(reports);
  await clock.advance(10_000);
  expect(new Set(server.calls.map((call) => call.name))).toEqual(new Set(["a", "b"]));
  controller.abort();
  expect((await read).map((report) => report.state)).toEqual([
    "error",
    "error",
    "skipped",
    "skipped",
    "skipped",
  ]);
});

test("takes the operations of a list that are not done, and rejects a string", async () => {
  const { clock, client } = setUp({
    ListOperations: { operations: [running(0, "x"), succeeded("y"), running(0, "z")] },
    GetOperation: ({ name }: SeenCall) => succeeded(name),
  });
  const read = readAll(client.waitOperations({ name: "operations" }));
  await clock.advance(1000);
  expect((await read).map(({ name }) => name)).toEqual(["x", "z"]);
  // A string is an iterable of its characters.
  expect(() => client.waitOperations("operations/1")).toThrow("waitOperations: invalid names");
});
