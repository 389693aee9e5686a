// SPDX-License-Identifier: Apache-2.0
import { type ApiClient, createApiClient, httpRulesOf } from "../../src/apis.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import type { CallError } from "../../src/index.js";

const PARENT = "projects/p/instances/i/databases/d";
let emulator: Emulator;
let client: ApiClient;

const setUp = async (protocol: "rest" | "grpc") => {
  emulator = await startEmulator({ httpRules: httpRulesOf("spanner") });
  client = createApiClient("spanner", { baseUrl: emulator.baseUrl, protocol, polling: { initialMs: 1 } });
};
afterEach(async () => {
  await client.close();
  await emulator.close();
});

/** An operation that is over, by its two full names. */
function started() {
  const name = emulator.operations.start({ parent: `${PARENT}/operations`, durationMs: 0 });
  return {
    name,
    resource: `//spanner.googleapis.com/${name}`,
    link: `https://spanner.googleapis.com/v1/${name}`,
  };
}

const REPORTS = { cancelOperations: "requested", waitOperations: "succeeded" } as const;

/** Each member of the client that takes a name, and what a call by the full name gives. */
const CALLS: Readonly<Record<string, (full: string) => Promise<unknown>>> = {
  cancelOperation: (full) => client.cancelOperation(full),
  getOperation: async (full) => (await client.getOperation(full)).name,
  deleteOperation: (full) => client.deleteOperation(full),
  waitOperation: async (full) => (await client.waitOperation(full)).name,
  cancelAndWait: async (full) => (await client.cancelAndWait(full)).operation.name,
  operation: async (full) => (await client.operation(full).wait()).operation.name,
  fromJSON: async (full) => (await client.fromJSON({ version: 1, name: full }).wait()).operation.name,
  listOperations: async (full) => {
    const parent = full.slice(0, full.lastIndexOf("/"));
    for await (const { name } of client.listOperations({ name: parent }))
      if (full.endsWith(name)) return name;
    return undefined;
  },
  watchOperations: async (full) => {
    const name = full.slice(0, full.lastIndexOf("/"));
    emulator.operations.start({ parent: `${PARENT}/operations`, durationMs: 60_000 });
    for await (const { kind } of client.watchOperations({ name })) if (kind === "added") break;
  },
  cancelOperations: async (full) => {
    for await (const report of client.cancelOperations([full])) return report.name;
    return undefined;
  },
  waitOperations: async (full) => {
    for await (const report of client.waitOperations(new Set([full]))) return report.name;
    return undefined;
  },
};

/** Members that take no name, or one that is sent as it is. */
const NAMELESS = ["startOperation", "raw", "describe", "close"];

test("every member of the client that takes a name is in the table", async () => {
  await setUp("rest");
  expect(Object.keys(client).sort()).toEqual([...Object.keys(CALLS), ...NAMELESS].sort());
});

describe.each(["rest", "grpc"] as const)("over %s", (protocol) => {
  beforeEach(() => setUp(protocol));

  test.each(Object.keys(CALLS))("%s takes both full names, and none of another API", async (member) => {
    if (member === "waitOperation" && protocol === "rest") return; // Spanner does not bind it.
    for (const form of ["resource", "link"] as const) {
      const { name, [form]: full } = started();
      const before = emulator.calls.length;
      const answer = await CALLS[member]?.(full);
      if (answer !== undefined) expect(answer).toBe(name);
      expect(emulator.calls.length).toBeGreaterThan(before);
    }
    const before = emulator.calls.length;
    const foreign = started().resource.replace("spanner", "run");
    const call = async () => CALLS[member]?.(foreign);
    if (member in REPORTS) await call();
    else
      await expect(call()).rejects.toThrow(/name: of another API .*expected one of spanner\.googleapis\.com/);
    expect(emulator.calls.length).toBe(before);
  });

  test.each(Object.keys(REPORTS) as (keyof typeof REPORTS)[])(
    "a bad full name among many is a report of %s with its reason, and ends nothing",
    async (member) => {
      const { resource, link } = started();
      const bad = [
        "//run.googleapis.com/projects/p/locations/l/operations/o",
        "https://evil.example/v1/operations/1",
        "https://spanner.googleapis.com/v9/operations/1",
        "http://spanner.googleapis.com/v1/operations/1",
      ];
      async function* names() {
        yield* [resource, ...bad, link];
      }
      for (const source of [
        () => names(),
        () => [resource, ...bad, link].values(),
        () => [resource, ...bad, link],
      ]) {
        const before = emulator.calls.length;
        const reports: [string, string | undefined][] = [];
        for await (const report of client[member](source()))
          reports.push([
            report.state,
            "error" in report ? (report.error as CallError).rawMessage : undefined,
          ]);
        expect(reports.sort()).toEqual(
          [
            [REPORTS[member], undefined],
            [REPORTS[member], undefined],
            ["error", expect.stringMatching(/^api: unknown \(got "evil\.example"/)],
            ["error", expect.stringMatching(/^name: not a full name/)],
            ["error", expect.stringMatching(/^name: of another API/)],
            ["error", expect.stringMatching(/^name: of another version/)],
          ].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
        );
        expect(emulator.calls.length).toBe(before + 2);
      }
    },
  );
});

test("names that no full name is go through as they are, however wrong", async () => {
  await setUp("rest");
  for (const name of [undefined, null, 5, {}, "", "a/../b"]) {
    await expect(client.getOperation(name as string)).rejects.toMatchObject({ requestSent: false });
  }
  for (const names of [null, 5, "operations/1"]) {
    expect(() => client.cancelOperations(names as never)).toThrow("invalid names");
  }
  expect(() => client.fromJSON(null as never)).toThrow("fromJSON: expected an object");
  expect(emulator.calls).toEqual([]);
});
