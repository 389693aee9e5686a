// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { startEmulator } from "../../src/emulator.js";
import { createOperationsClient, createRestTransport, type OperationChange } from "../../src/index.js";
import { createFakeClock } from "../../src/testing.js";
import { createCountingSignal } from "./counting-signal.js";
import {
  failed,
  RUN_TYPES,
  running,
  type SeenCall,
  setUp,
  succeeded,
  unavailable,
} from "./scripted-server.js";

const page = (operations: object[], nextPageToken = "", headers = {}) => ({
  operations,
  nextPageToken,
  headers,
});

const HTTP_RULES = [
  {
    selector: "google.longrunning.Operations.ListOperations",
    get: "/v1/{name=projects/*/locations/*}/operations",
  },
  {
    selector: "google.longrunning.Operations.GetOperation",
    get: "/v1/{name=projects/*/locations/*/operations/*}",
  },
];

/** `kind name` of each change, with the state of an end. */
const shown = (change: OperationChange<object, object>) =>
  change.kind === "lost"
    ? `lost ${change.name} ${change.error.reason}`
    : `${change.kind} ${change.snapshot.name}${change.kind === "ended" ? ` ${change.snapshot.state}` : ""}`;

/** Reads changes into a list, in the background. */
function read(changes: AsyncIterable<OperationChange<object, object>>) {
  const seen: string[] = [];
  let error: unknown;
  const done = (async () => {
    try {
      for await (const change of changes) seen.push(shown(change));
    } catch (thrown) {
      error = thrown;
    }
  })();
  return { seen, done, error: () => error };
}

test("gives what there is, then what begins, changes and ends, by one List a poll", async () => {
  const { server, clock, client } = setUp({
    ListOperations: [
      page([running(1, "p/a"), running(1, "p/b"), succeeded("p/old")]),
      page([running(1, "p/a"), running(2, "p/b"), succeeded("p/old")]),
      page([running(1, "p/a"), failed(1, "", "p/b"), succeeded("p/old"), running(0, "p/new")]),
    ],
  });
  const watch = client.watchOperations({ name: "p", filter: "x = 1", pageSize: 7, ...RUN_TYPES });
  expect(server.calls).toEqual([]);
  const { seen } = read(watch);
  await clock.advance(0);
  expect(seen).toEqual(["added p/a", "added p/b", "ended p/old succeeded"]);
  await clock.advance(1_000);
  expect(seen.slice(3)).toEqual(["changed p/b"]);
  await clock.advance(20_000);
  expect(seen.slice(4)).toEqual(["ended p/b cancelled", "added p/new"]);
  expect(server.calls[0]?.message).toMatchObject({ name: "p", filter: "x = 1", pageSize: 7 });
  expect(new Set(server.calls.map(({ method }) => method))).toEqual(new Set(["ListOperations"]));
});

test("what a List does not show is polled by Get, and has ended only when Get says so", async () => {
  const { server, clock, client } = setUp({
    ListOperations: [page([running(1, "p/a"), running(1, "p/b"), running(1, "p/c")]), page([])],
    GetOperation: ({ name, atMs }: SeenCall) => {
      if (name === "p/a") return running(1, name);
      if (name === "p/c") return Promise.reject(new ConnectError("deleted", Code.NotFound));
      return atMs < 2_000 ? Promise.reject(unavailable()) : succeeded(name);
    },
  });
  const errors: string[] = [];
  const onTransientError = (error: Error) => errors.push(error.message);
  const { seen } = read(client.watchOperations({ name: "p", onTransientError }));
  await clock.advance(500);
  expect(seen).toEqual(["added p/a", "added p/b", "added p/c"]);
  await clock.advance(60_000);
  expect(seen.slice(3)).toEqual(["lost p/c not-found", "ended p/b succeeded"]);
  const asked = (name: string) => server.calls.filter((call) => call.name === name).length;
  expect([asked("p/a") > 3, asked("p/c")]).toEqual([true, 1]);
});

test("an end is final: a List that lags behind brings nothing back", async () => {
  const { clock, client } = setUp({
    ListOperations: [page([running(1, "p/a")]), page([]), page([]), page([running(1, "p/a")])],
    GetOperation: succeeded("p/a"),
  });
  const { seen } = read(client.watchOperations({ name: "p" }));
  await clock.advance(60_000);
  expect(seen).toEqual(["added p/a", "ended p/a succeeded"]);
});

test("goes on through what may pass, and no sooner than the server asks for", async () => {
  const { server, clock, client } = setUp(
    {
      ListOperations: [
        page([running(1, "p/a")], "", { "retry-after": "100" }),
        unavailable(),
        page([succeeded("p/a")]),
      ],
    },
    { retry: false },
  );
  const errors: unknown[] = [];
  const { seen } = read(
    client.watchOperations({ name: "p", onTransientError: ({ reason }) => errors.push(reason) }),
  );
  await clock.advance(99_000);
  expect(server.calls).toHaveLength(1);
  await clock.advance(10_000);
  expect([errors, seen]).toEqual([["unavailable"], ["added p/a", "ended p/a succeeded"]]);
});

describe.each([
  [
    "throws",
    () => {
      throw new Error("mine");
    },
  ],
  ["rejects", () => Promise.reject(new Error("mine"))],
])("onTransientError that %s ends the watch with its error", (_how, onTransientError) => {
  test("after a List", async () => {
    const { clock, client } = setUp({ ListOperations: unavailable() }, { retry: false });
    const reading = read(client.watchOperations({ name: "p", onTransientError }));
    await clock.advance(60_000);
    expect([reading.seen, reading.error()]).toMatchObject([[], { message: "mine" }]);
  });

  test("after a Get", async () => {
    const { clock, client } = setUp(
      { ListOperations: [page([running(1, "p/a")]), page([])], GetOperation: unavailable() },
      { retry: false },
    );
    const reading = read(client.watchOperations({ name: "p", onTransientError }));
    await clock.advance(60_000);
    expect([reading.seen, reading.error()]).toMatchObject([["added p/a"], { message: "mine" }]);
  });
});

test.each([
  ["has no List", new ConnectError("no List", Code.Unimplemented)],
  ["denies it", new ConnectError("no", Code.PermissionDenied)],
])("ends with the error of a server that %s", async (_title, error) => {
  const { clock, client } = setUp({ ListOperations: error });
  const reading = read(client.watchOperations({ name: "p" }));
  await clock.advance(0);
  await reading.done;
  expect(reading.error()).toMatchObject({ name: "ConnectError", code: error.code });
});

test("stops with the caller's signal in the same turn, and leaves no listener and no timer", async () => {
  const { clock, client } = setUp({ ListOperations: page([running(1, "p/a")]) });
  const caller = createCountingSignal();
  const reading = read(client.watchOperations({ name: "p", signal: caller.signal }));
  await clock.advance(500);
  expect(clock.pending).toHaveLength(1);
  caller.abort("enough");
  await reading.done;
  expect(reading.error()).toMatchObject({ reason: "aborted-by-caller", operationName: "p", cause: "enough" });
  expect([clock.pending, caller.listeners]).toEqual([[], 0]);
});

test("a reader that leaves stops it, also while a next() waits; and it stays closed", async () => {
  const { server, clock, client } = setUp({ ListOperations: page([running(1, "p/a")]) });
  const watch = client.watchOperations({ name: "p" });
  expect((await watch.next()).value).toMatchObject({ kind: "added" });
  const waiting = watch.next();
  await clock.advance(5_000);
  const polls = server.calls.length;
  expect(polls).toBeGreaterThan(2);
  await watch.return?.();
  expect([await waiting, await watch.next()]).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ]);
  await clock.advance(60_000);
  expect([server.calls.length, clock.pending]).toEqual([polls, []]);
});

test("rejects an option that it does not have at once", () => {
  const { client } = setUp({});
  expect(() => client.watchOperations({ parent: "p" } as object)).toThrow('unknown option "parent"');
  expect(() => client.watchOperations({ pageSize: -1 })).toThrow("pageSize: invalid value (got -1");
});

test("polls a thousand operations of a real server by a page, over a socket", async () => {
  const clock = createFakeClock();
  await using emulator = await startEmulator({ clock, httpRules: HTTP_RULES });
  const parent = "projects/p/locations/l";
  for (let at = 0; at < 1_000; at++)
    emulator.operations.start({ parent: `${parent}/operations`, id: `o${at}`, durationMs: 60_000 });
  await using transport = createRestTransport({ baseUrl: emulator.baseUrl, httpRules: HTTP_RULES });
  const client = createOperationsClient({ transport, clock });
  const ended = new Set<string>();
  const watch = client.watchOperations({ name: parent, pageSize: 1_000 });
  for (let at = 0; at < 1_000; at++) expect((await watch.next()).value?.kind).toBe("added");
  expect(emulator.calls).toHaveLength(1);
  const reading = (async () => {
    for await (const change of watch) {
      if (change.kind === "ended") ended.add(change.snapshot.name);
      if (ended.size === 1_000) break;
    }
  })();
  await clock.whenSleeping();
  await clock.advance(61_000);
  await reading;
  expect(emulator.calls.length).toBeLessThan(5);
});
