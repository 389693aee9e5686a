// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { startEmulator } from "../../../src/emulator.js";
import {
  createOperationsClient,
  createRestTransport,
  type RestTransport,
  type WaitReport,
} from "../../../src/index.js";
import { createFakeClock } from "../../../src/testing.js";
import { propertyRuns } from "../../property-runs.js";
import { running, type Scripted, type SeenCall, setUp, succeeded } from "../scripted-server.js";

/** Operations that end at a time of their own, and a List that shows some of them, so many a page. */
interface World {
  readonly endsMs: readonly number[];
  readonly isListed: (at: number) => boolean;
  readonly pageSize: number;
  readonly list?: Scripted;
}

/** Waits for all of them, by names of one parent or by names that have none, and counts the calls. */
async function waitForAll(world: World, collection: string) {
  const names = world.endsMs.map((_, at) => `${collection}/o${at}`);
  const stateOf = (at: number, atMs: number) => {
    const name = names[at] ?? "";
    return atMs >= (world.endsMs[at] ?? 0) ? succeeded(name) : running(1, name);
  };
  const list = ({ message, atMs }: SeenCall) => {
    const listed = names.map((_, at) => at).filter(world.isListed);
    const from = Number(message.pageToken || "0");
    const until = from + world.pageSize;
    return {
      operations: listed.slice(from, until).map((at) => stateOf(at, atMs)),
      nextPageToken: until < listed.length ? String(until) : "",
    };
  };
  const { server, clock, client } = setUp({
    ListOperations: world.list ?? list,
    GetOperation: ({ name, atMs }: SeenCall) => stateOf(names.indexOf(name), atMs),
  });
  const reports: WaitReport[] = [];
  const reading = (async () => {
    for await (const report of client.waitOperations(names)) reports.push(report);
  })();
  await clock.advance(60_000);
  await reading;
  const calls = (method: string) => server.calls.filter((call) => call.method === method).length;
  return { reports, lists: calls("ListOperations"), gets: calls("GetOperation"), pending: clock.pending };
}

const PARENT = "projects/p/operations";
const NO_PARENT = "projects/p/runs";
const all = (count: number, endMs: number): World => ({
  endsMs: Array.from({ length: count }, () => endMs),
  isListed: () => true,
  pageSize: 1_000,
});

test("many names of one parent are polled by one List a poll", async () => {
  const { reports, lists, gets, pending } = await waitForAll(all(30, 10_000), PARENT);
  const alone = await waitForAll(all(30, 10_000), NO_PARENT);
  expect(reports.map(({ state }) => state)).toEqual(reports.map(() => "succeeded"));
  expect([reports.length, gets, pending]).toEqual([30, 0, []]);
  expect(lists).toBeLessThanOrEqual(alone.gets / 30 + 1);
});

test("a few names are polled one by one", async () => {
  expect(await waitForAll(all(5, 5_000), PARENT)).toMatchObject({ lists: 0 });
});

test("what the List does not show is polled by Get, and nothing is taken to have ended", async () => {
  const world = { ...all(40, 10_000), isListed: (at: number) => at % 4 !== 0 };
  const { reports, lists, gets } = await waitForAll(world, PARENT);
  const alone = await waitForAll(world, NO_PARENT);
  expect(reports.filter(({ state }) => state === "succeeded")).toHaveLength(40);
  expect([lists > 0, lists + gets < alone.gets / 2]).toEqual([true, true]);
});

test.each([
  ["has none", new ConnectError("no List", Code.Unimplemented)],
  ["denies it", new ConnectError("no", Code.PermissionDenied)],
  ["shows nothing", { operations: [], nextPageToken: "" }],
  [
    "shows others, page after page",
    { operations: [running(1, "projects/p/operations/x")], nextPageToken: "t" },
  ],
])(
  "a List that %s is not tried again, and costs no call more than polling one by one",
  async (_title, list) => {
    const { lists, gets, reports } = await waitForAll({ ...all(12, 5_000), list }, PARENT);
    const alone = await waitForAll(all(12, 5_000), NO_PARENT);
    expect([lists, reports.length]).toEqual([1, 12]);
    expect(lists + gets).toBeLessThanOrEqual(alone.gets);
  },
);

// A List that shows nothing is made up for by Gets that are left out, unless everything ends first.
test("costs at most one call more than Get, whatever the server lists", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ endMs: fc.integer({ min: 1, max: 8_000 }), isListed: fc.boolean() }), {
        minLength: 10,
        maxLength: 14,
      }),
      fc.integer({ min: 1, max: 60 }),
      async (operations, pageSize) => {
        const world: World = {
          endsMs: operations.map(({ endMs }) => endMs),
          isListed: (at) => operations[at]?.isListed === true,
          pageSize,
        };
        const shared = await waitForAll(world, PARENT);
        const alone = await waitForAll(world, NO_PARENT);
        expect(shared.reports.map(({ state }) => state)).toEqual(alone.reports.map(() => "succeeded"));
        expect(new Set(shared.reports.map(({ name }) => name)).size).toBe(operations.length);
        expect(shared.lists + shared.gets).toBeLessThanOrEqual(alone.gets + 1);
        expect(shared.pending).toEqual([]);
      },
    ),
    { numRuns: propertyRuns(40, 4) },
  );
});

test("over REST the parent is the one whose List is where the operation's own URL is", async () => {
  const clock = createFakeClock();
  const service = "google.longrunning.Operations";
  const httpRules = [
    { selector: `${service}.ListOperations`, get: "/v1/{name=projects/*/locations/*}/operations" },
    { selector: `${service}.GetOperation`, get: "/v1/{name=projects/*/locations/*/operations/*}" },
  ];
  await using emulator = await startEmulator({ clock, httpRules });
  const parent = "projects/p/locations/l/operations";
  const names = Array.from({ length: 30 }, (_, at) =>
    emulator.operations.start({ parent, id: `o${at}`, durationMs: 0 }),
  );
  await using transport = createRestTransport({ baseUrl: emulator.baseUrl, httpRules });
  const client = createOperationsClient({ transport, clock });
  const reports: string[] = [];
  for await (const { state } of client.waitOperations(names)) reports.push(state);
  expect(reports).toEqual(names.map(() => "succeeded"));
  expect(emulator.calls.map(({ method }) => method)).toEqual([`${service}.ListOperations`]);
});

test("over REST the parent of a collection is determined once, also if there is none", async () => {
  const clock = createFakeClock();
  const { getOperation, listOperations } = Operations.method;
  const selector = "google.longrunning.Operations.GetOperation";
  const httpRules = [{ selector, get: "/v1/{name=projects/*/locations/*/operations/*}" }];
  await using emulator = await startEmulator({ clock, httpRules });
  const parent = "projects/p/locations/l/operations";
  const names = Array.from({ length: 30 }, (_, at) =>
    emulator.operations.start({ parent, id: `o${at}`, durationMs: 0 }),
  );
  await using rest = createRestTransport({ baseUrl: emulator.baseUrl, httpRules });
  const described: string[] = [];
  const describe: typeof rest.describe = (method, message) => {
    described.push(method.name);
    return rest.describe(method, message);
  };
  const transport: RestTransport = { ...rest, describe };
  const client = createOperationsClient({ transport, clock });
  const reports: string[] = [];
  for await (const { state } of client.waitOperations(names)) reports.push(state);
  expect(reports).toEqual(names.map(() => "succeeded"));
  expect(described).toEqual([getOperation.name, listOperations.name, listOperations.name]);
});
