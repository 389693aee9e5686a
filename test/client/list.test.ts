// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import type { ListOperationsOptions } from "../../src/index.js";
import { createCountingSignal } from "./counting-signal.js";
import { running, type SeenCall, setUp, unavailable } from "./scripted-server.js";

const page = (names: string[], nextPageToken = "", unreachable: string[] = []) => ({
  operations: names.map((name) => running(0, name)),
  nextPageToken,
  unreachable,
});

async function namesOf(operations: AsyncIterable<{ name: string }>): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of operations) names.push(name);
  return names;
}

test("gives the operations of all pages, and sends each request with the token before it", async () => {
  const { server, client } = setUp({
    ListOperations: [page(["a", "b"], "t1"), page(["c"], "t2"), page(["d"])],
  });
  const list = client.listOperations({
    name: "projects/p",
    filter: "done=false",
    pageSize: 2,
    returnPartialSuccess: true,
  });
  expect(await namesOf(list)).toEqual(["a", "b", "c", "d"]);
  const common = { name: "projects/p", filter: "done=false", pageSize: 2, returnPartialSuccess: true };
  expect(server.calls.map((call) => call.message)).toMatchObject([
    { ...common, pageToken: "" },
    { ...common, pageToken: "t1" },
    { ...common, pageToken: "t2" },
  ]);
});

test("goes on over empty pages: only an empty token is the end", async () => {
  const { client } = setUp({ ListOperations: [page([], "t1"), page([], "t2"), page(["a"], "t3"), page([])] });
  expect(await namesOf(client.listOperations({ name: "projects/p" }))).toEqual(["a"]);
});

test("sends nothing before it is read, and no more than is read", async () => {
  const { server, client } = setUp({ ListOperations: [page(["a", "b"], "t1"), page(["c"])] });
  const list = client.listOperations({ name: "projects/p" });
  expect(server.calls).toHaveLength(0);
  for await (const { name } of list) if (name === "b") break;
  expect(server.calls).toHaveLength(1);
});

test("asks again when it is read again", async () => {
  const { client } = setUp({ ListOperations: [page(["a"]), page(["b"])] });
  const list = client.listOperations({ name: "projects/p" });
  expect([await namesOf(list), await namesOf(list)]).toEqual([["a"], ["b"]]);
});

test("gives whole pages on request, the empty ones and the token included", async () => {
  const { client } = setUp({ ListOperations: [page(["a"], "t1"), page([])] });
  const seen: [number, string][] = [];
  for await (const { operations, nextPageToken } of client.listOperations({}).pages()) {
    seen.push([operations.length, nextPageToken]);
  }
  expect(seen).toEqual([
    [1, "t1"],
    [0, ""],
  ]);
});

test("goes on from a page token of an earlier time", async () => {
  const { server, client } = setUp({ ListOperations: page(["c"]) });
  await namesOf(client.listOperations({ name: "projects/p", pageToken: "t2" }));
  expect(server.calls[0]?.message).toMatchObject({ pageToken: "t2" });
});

test.each([
  ["the one just used", ["t1", "t1"], 2],
  ["an earlier one", ["t1", "t2", "t1"], 3],
  ["the one it began with", ["start"], 1],
])(
  "throws on a token that was given before, %s, instead of reading for ever",
  async (_title, tokens, calls) => {
    const { server, client } = setUp({ ListOperations: tokens.map((token) => page(["a"], token)) });
    await expect(namesOf(client.listOperations({ pageToken: "start" }))).rejects.toMatchObject({
      code: Code.Internal,
      method: "google.longrunning.Operations.ListOperations",
      message: expect.stringContaining("gave before"),
    });
    expect(server.calls).toHaveLength(calls);
  },
);

test("reports which places could not be reached, each once", async () => {
  const { client } = setUp({
    ListOperations: [page(["a"], "t1", ["locations/x"]), page(["b"], "", ["locations/x", "locations/y"])],
  });
  const list = client.listOperations({ name: "projects/p", returnPartialSuccess: true });
  expect(list.unreachable).toEqual([]);
  await namesOf(list);
  expect(list.unreachable).toEqual(["locations/x", "locations/y"]);
});

test("retries a page, and throws what stays wrong", async () => {
  const { clock, client } = setUp(
    {
      ListOperations: [
        page(["a"], "t1"),
        unavailable(),
        page(["b"], "t2"),
        new ConnectError("no", Code.PermissionDenied),
      ],
    },
    { retry: {} },
  );
  const seen: string[] = [];
  const read = expect(
    (async () => {
      for await (const { name } of client.listOperations({ name: "projects/p" })) seen.push(name);
    })(),
  ).rejects.toMatchObject({ reason: "permission-denied" });
  await clock.advance(500);
  await read;
  expect(seen).toEqual(["a", "b"]);
});

test("is given up by its signal between two pages", async () => {
  const { server, client } = setUp({
    ListOperations: (call: SeenCall) => page(["a"], `after ${call.message.pageToken}`),
  });
  const caller = createCountingSignal();
  const read = namesOf(
    (async function* () {
      for await (const operation of client.listOperations({ signal: caller.signal })) {
        if (server.calls.length === 3) caller.abort();
        yield operation;
      }
    })(),
  );
  await expect(read).rejects.toMatchObject({ reason: "aborted-by-caller" });
  expect(server.calls).toHaveLength(3);
  expect(caller.listeners).toBe(0);
});

test("lists without a parent, where an API binds it so", async () => {
  const { server, client } = setUp({ ListOperations: page([]) });
  await namesOf(client.listOperations({}));
  await namesOf(client.listOperations({ name: "" }));
  expect(server.calls.map((call) => call.name)).toEqual(["", ""]);
});

test("rejects a parent that could lead elsewhere", async () => {
  const { server, client } = setUp({});
  await expect(namesOf(client.listOperations({ name: "projects/.." }))).rejects.toMatchObject({
    requestSent: false,
  });
  expect(server.calls).toHaveLength(0);
});

test.each<[object, string]>([
  [{ parent: "projects/p" }, 'listOperations: unknown option "parent" (expected signal, timeoutMs'],
  [{ pageSize: -1 }, "pageSize: invalid value (got -1; expected a whole number from 0"],
  [{ pageSize: 1.5 }, "pageSize: invalid value (got 1.5"],
  [{ pageSize: 2 ** 31 }, "pageSize: invalid value (got 2147483648"],
])("refuses %j at once", (list, message) => {
  const { client } = setUp({});
  expect(() => client.listOperations(list as ListOperationsOptions)).toThrow(message);
});

describe("pages without an operation", () => {
  const endless = () => {
    let count = 0;
    return () => page([], `token ${count++}`);
  };

  test.each([
    [{ timeoutMs: 10_000 }, 10_000],
    [{}, 300_000],
  ])("are paced and end in time, with %j", async (options, endMs) => {
    const { clock, server, client } = setUp({ ListOperations: endless() });
    const startMs = clock.now();
    const read = expect(
      namesOf(client.listOperations({ name: "operations", ...options })),
    ).rejects.toMatchObject({
      code: Code.DeadlineExceeded,
      operationName: "operations",
      message: expect.stringContaining("nothing but empty pages"),
    });
    await clock.advance(endMs);
    await read;
    expect(clock.now() - startMs).toBeCloseTo(endMs, 3);
    expect(server.calls.length).toBeLessThan(10 + endMs / 4000);
  });

  test("can be given up in a pause", async () => {
    const { clock, client } = setUp({ ListOperations: endless() });
    const caller = createCountingSignal();
    const read = expect(namesOf(client.listOperations({ signal: caller.signal }))).rejects.toMatchObject({
      reason: "aborted-by-caller",
    });
    await clock.advance(20_000);
    caller.abort();
    await read;
    expect([caller.listeners, clock.pending]).toEqual([0, []]);
  });

  test("do not count against a reader who takes time between operations", async () => {
    let count = 0;
    const { clock, client } = setUp({
      ListOperations: () => page(count < 5 ? [`${count}`] : [], count++ < 6 ? `t${count}` : ""),
    });
    const names: string[] = [];
    for await (const { name } of client.listOperations({ timeoutMs: 1000 })) {
      names.push(name);
      await clock.advance(5000);
    }
    expect(names).toEqual(["0", "1", "2", "3", "4"]);
  });
});
