// SPDX-License-Identifier: Apache-2.0
import { create, toBinary } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import * as fc from "fast-check";
import { OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { fromOperationJson, toOperationJson } from "../../src/client/operation-json.js";
import type { OperationJson } from "../../src/index.js";
import { NAME, RUN_TYPES, running, setUp, succeeded } from "./scripted-server.js";

/** What a file or a queue does to it. */
const stored = (json: OperationJson): OperationJson => JSON.parse(JSON.stringify(json));

test("a handle that has seen nothing is its name", () => {
  const { run } = setUp({});
  expect(JSON.stringify(run)).toBe(`{"version":1,"name":"${NAME}"}`);
});

test("a handle that has seen a snapshot takes it along", async () => {
  const { server, clock, client, run } = setUp({ GetOperation: [running(40), running(60), succeeded()] });
  await run.poll();
  const resumed = client.fromJSON(stored(run.toJSON()), RUN_TYPES);
  expect(resumed.name).toBe(NAME);
  const watch = resumed.watch();
  expect((await watch.next()).value?.metadata?.percentComplete).toBe(40);
  expect((await watch.next()).value?.metadata?.percentComplete).toBe(60);
  expect(server.times).toEqual(["GetOperation@0", "GetOperation@0"]);
  const outcome = resumed.wait();
  await clock.advance(1000);
  expect((await outcome).state).toBe("succeeded");
});

test("an operation that had ended needs no call", async () => {
  const { server, client, run } = setUp({ GetOperation: succeeded() });
  await run.wait();
  const resumed = client.fromJSON(stored(run.toJSON()), RUN_TYPES);
  expect(await resumed.wait()).toMatchObject({ state: "succeeded", response: { reportResult: "results/1" } });
  expect(await resumed.result()).toMatchObject({ reportResult: "results/1" });
  expect(await resumed.cancelAndWait()).toMatchObject({ state: "succeeded" });
  expect((await resumed.watch().next()).value).toMatchObject({ state: "succeeded" });
  expect(server.calls).toHaveLength(1);
});

test("a name with an empty segment, which some servers give, is taken up again", () => {
  const { client } = setUp({});
  const run = client.operation("operations//1");
  expect(client.fromJSON(stored(run.toJSON())).name).toBe("operations//1");
});

test("types that nobody here knows survive it, byte for byte", async () => {
  const metadata = { typeUrl: "type.googleapis.com/unknown.Type", value: new Uint8Array([7, 123, 125]) };
  const { client, run } = setUp({ GetOperation: { name: NAME, done: true, metadata } });
  const before = await run.poll();
  const resumed = client.fromJSON(stored(run.toJSON()));
  expect((await resumed.poll()).operation).toEqual(before.operation);
});

test("reading is the inverse of writing", () => {
  const name = fc.stringMatching(/^[a-z]+(\/[a-z0-9]+){0,3}$/);
  const operation = fc.option(
    fc.record({
      done: fc.boolean(),
      metadata: fc.option(fc.record({ typeUrl: fc.string(), value: fc.uint8Array() })),
    }),
    { nil: undefined },
  );
  fc.assert(
    fc.property(name, operation, (name, init) => {
      const saved = {
        name,
        operation:
          init && create(OperationSchema, { name, done: init.done, metadata: init.metadata ?? undefined }),
      };
      expect(fromOperationJson(stored(toOperationJson(saved)))).toEqual(saved);
    }),
  );
});

const bytesOf = (name: string) => base64Encode(toBinary(OperationSchema, create(OperationSchema, { name })));
const badJson: [unknown, string][] = [
  [undefined, "expected an object, as toJSON gives it"],
  ["operations/1", "expected an object, as toJSON gives it"],
  [{ name: NAME }, "version is undefined; expected 1"],
  [{ version: 2, name: NAME }, "version is 2; expected 1"],
  [{ version: 1 }, "the name is not a string but undefined"],
  [{ version: 1, name: "a/../b" }, "the name has a dot segment"],
  [{ version: 1, name: "" }, "the name is empty"],
  [{ version: 1, name: NAME, operation: 5 }, "operation is not a google.longrunning.Operation in base64"],
  [
    { version: 1, name: NAME, operation: "/w==" },
    "operation is not a google.longrunning.Operation in base64",
  ],
  [{ version: 1, name: NAME, operation: "%" }, "operation is not a google.longrunning.Operation in base64"],
  [
    { version: 1, name: NAME, operation: bytesOf("operations/other") },
    `the name is "${NAME}", but the operation's is "operations/other"`,
  ],
];
test.each(badJson)("rejects %j", (json, message) => {
  const { client } = setUp({});
  let thrown: unknown;
  try {
    client.fromJSON(json as OperationJson);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(TypeError);
  expect(thrown).toMatchObject({ message: expect.stringContaining(message) });
});
