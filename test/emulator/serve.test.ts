// SPDX-License-Identifier: Apache-2.0
import type { Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { Builds, buildMethod, logsMethod } from "./builds-service.js";

interface BuildRequest extends Message {
  readonly name: string;
  readonly lines: number;
}

function serveBuilds(emulator: Emulator): void {
  emulator.serve(Builds, {
    build: (request: BuildRequest) =>
      emulator.operations.get(
        emulator.operations.start({ parent: "projects/p/operations", id: request.name.slice(-1) }),
      ),
    async *logs({ name, lines }: BuildRequest) {
      if (name.endsWith("/0")) throw new ConnectError("No such build.", Code.NotFound);
      for (let n = 1; n <= lines; n++) yield { text: `${name} ${n}` };
      if (name.endsWith("/9")) throw new ConnectError("The log broke off.", Code.DataLoss);
      if (name.endsWith("/8")) throw new TypeError("a mistake in the implementation");
    },
  } as never); // the types of a service known only at run time: none
}

async function* once(message: Record<string, unknown>): AsyncIterable<Record<string, unknown>> {
  yield message;
}

test("a service of the user's starts operations over gRPC and over REST", async () => {
  await using emulator = await startEmulator();
  serveBuilds(emulator);
  const transport = createGrpcTransport({ baseUrl: emulator.baseUrl });
  const overGrpc = await transport.unary(buildMethod, undefined, 1_000, {}, { name: "projects/p/builds/1" });
  expect(overGrpc.message).toMatchObject({ name: "projects/p/operations/1", done: false });
  const overRest = await fetch(`${emulator.baseUrl}/v1/projects/p/builds/2:run`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"lines": 3}',
  });
  expect(await overRest.json()).toEqual({ name: "projects/p/operations/2" });
  expect(emulator.calls.map(({ method, message }) => [method, message])).toEqual([
    ["test.v1.Builds.Build", expect.objectContaining({ name: "projects/p/builds/1" })],
    ["test.v1.Builds.Build", expect.objectContaining({ name: "projects/p/builds/2", lines: 3 })],
  ]);
});

test("a stream is a JSON array over REST", async () => {
  await using emulator = await startEmulator();
  serveBuilds(emulator);
  const logs = async (path: string) => {
    const response = await fetch(`${emulator.baseUrl}/v1/projects/p/builds/${path}`);
    return [response.status, await response.json()];
  };
  expect(await logs("1/logs?lines=2")).toEqual([
    200,
    [{ text: "projects/p/builds/1 1" }, { text: "projects/p/builds/1 2" }],
  ]);
  expect(await logs("1/logs")).toEqual([200, []]);
  expect(await logs("9/logs?lines=1")).toEqual([
    200,
    [
      { text: "projects/p/builds/9 1" },
      { error: { code: 500, message: "The log broke off.", status: "DATA_LOSS" } },
    ],
  ]);
  expect(await logs("0/logs?lines=1")).toEqual([
    404,
    { error: { code: 404, message: "No such build.", status: "NOT_FOUND" } },
  ]);
  expect(await logs("8/logs")).toEqual([500, { error: expect.objectContaining({ status: "INTERNAL" }) }]);
  expect(emulator.calls.map(({ status }) => status)).toEqual([
    "OK",
    "OK",
    "DATA_LOSS",
    "NOT_FOUND",
    "INTERNAL",
  ]);
});

test("a stream is a stream over gRPC", async () => {
  await using emulator = await startEmulator();
  serveBuilds(emulator);
  const transport = createGrpcTransport({ baseUrl: emulator.baseUrl });
  const input = once({ name: "projects/p/builds/9", lines: 2 });
  const answer = await transport.stream(logsMethod, undefined, 1_000, {}, input);
  const texts: unknown[] = [];
  const read = async () => {
    for await (const line of answer.message) texts.push(line);
  };
  await expect(read()).rejects.toMatchObject({ code: Code.DataLoss });
  expect(texts).toEqual(
    [{ text: "projects/p/builds/9 1" }, { text: "projects/p/builds/9 2" }].map(expect.objectContaining),
  );
});

test("methods that are left out are UNIMPLEMENTED", async () => {
  await using emulator = await startEmulator();
  emulator.serve(Builds, {});
  const response = await fetch(`${emulator.baseUrl}/v1/projects/p/builds/1:run`, { method: "POST" });
  expect(response.status).toBe(501);
});

test.each<[kind: string, implementation: object, message: RegExp]>([
  [
    "a misspelt method",
    { biuld: () => ({}) },
    /Builds has no such method \(got "biuld"; expected build, logs\)$/,
  ],
  [
    "a method that is no function",
    { build: { name: "operations/1" } },
    /^serve: implementation\.build: invalid value/,
  ],
  ["a list", [], /^serve: implementation: invalid value/],
])("%s is rejected when it is served", async (_, implementation, message) => {
  await using emulator = await startEmulator();
  expect(() => emulator.serve(Builds, implementation as never)).toThrow(message);
});

test("an object of a class may have more than the methods", async () => {
  class Implementation {
    readonly started: string[] = [];
    logs = undefined;
  }
  await using emulator = await startEmulator();
  emulator.serve(Builds, new Implementation() as never);
});
