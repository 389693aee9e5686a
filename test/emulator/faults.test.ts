// SPDX-License-Identifier: Apache-2.0
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { faultError } from "../../src/emulator/faults/fault.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { selectorOf } from "../../src/names/method-name.js";
import { createFakeClock, createFakeOperations, type Fault } from "../../src/testing.js";
import { Builds, buildMethod } from "./builds-service.js";

const GET = "google.longrunning.Operations.GetOperation";

const grpcClient = (emulator: Emulator) =>
  createClient(Operations, createGrpcTransport({ baseUrl: emulator.baseUrl }));

/** `-` for a call that went well, else the first letter of what became of it. */
async function outcomes(emulator: Emulator, count: number): Promise<string> {
  const client = grpcClient(emulator);
  const name = emulator.operations.start();
  let text = "";
  for (let n = 0; n < count; n++) {
    text += await client.getOperation({ name }).then(
      () => "-",
      (error) => Code[ConnectError.from(error).code]?.charAt(0) ?? "?",
    );
  }
  return text;
}

test("an error comes with its code, RetryInfo and Retry-After, over REST and over gRPC", async () => {
  const fault: Fault = { kind: "error", code: Code.Unavailable, message: "Busy.", retryDelayMs: 1_500 };
  await using emulator = await startEmulator({ faults: [fault] });
  const name = emulator.operations.start();
  const response = await fetch(`${emulator.baseUrl}/v1/${name}`);
  expect([response.status, response.headers.get("retry-after"), await response.json()]).toEqual([
    503,
    "2",
    {
      error: {
        code: 503,
        message: "Busy.",
        status: "UNAVAILABLE",
        details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.500s" }],
      },
    },
  ]);
  const error = await grpcClient(emulator)
    .getOperation({ name })
    .catch((reason: unknown) => ConnectError.from(reason));
  expect(error).toMatchObject({ code: Code.Unavailable, rawMessage: "Busy." });
  expect((error as ConnectError).findDetails(RetryInfoSchema)).toMatchObject([
    { retryDelay: { seconds: 1n, nanos: 500_000_000 } },
  ]);
});

test.each<[string, Omit<Fault & { kind: "error" }, "kind" | "code">, string]>([
  ["every call", {}, "UUUUUU"],
  ["every third", { everyNth: 3 }, "--U--U"],
  ["two of them", { times: 2 }, "UU----"],
  ["one of every second", { everyNth: 2, times: 1 }, "-U----"],
  ["a method", { method: GET }, "UUUUUU"],
  ["another method", { method: "google.longrunning.Operations.CancelOperation" }, "------"],
  ["none", { probability: 0 }, "------"],
])("strikes %s", async (_, target, expected) => {
  await using emulator = await startEmulator({
    faults: [{ kind: "error", code: Code.Unavailable, ...target }],
  });
  expect(await outcomes(emulator, 6)).toBe(expected);
});

test("chance comes from the seed: the same again for the same, another for another", async () => {
  const faults: Fault[] = [{ kind: "error", code: Code.Unavailable, probability: 0.5 }];
  const run = async (seed: number) => {
    await using emulator = await startEmulator({ faults, seed });
    return await outcomes(emulator, 40);
  };
  const first = await run(1);
  expect(first).toMatch(/U.*-|-.*U/);
  expect(await run(1)).toBe(first);
  expect(await run(2)).not.toBe(first);
});

test("faults come and go while the emulator runs", async () => {
  await using emulator = await startEmulator();
  const remove = emulator.faults.add({ kind: "error", code: Code.Internal });
  expect(await outcomes(emulator, 2)).toBe("II");
  remove();
  expect(await outcomes(emulator, 2)).toBe("--");
  emulator.faults.add({ kind: "error", code: Code.Internal });
  emulator.faults.clear();
  expect(await outcomes(emulator, 2)).toBe("--");
});

test("a delay holds the answer back, and ends with the caller", async () => {
  const clock = createFakeClock();
  await using emulator = await startEmulator({ clock, faults: [{ kind: "delay", minMs: 100, maxMs: 200 }] });
  const name = emulator.operations.start();
  const client = grpcClient(emulator);
  const call = client.getOperation({ name });
  await clock.whenSleeping();
  expect(clock.sleeps[0]).toBeGreaterThanOrEqual(100);
  expect(clock.sleeps[0]).toBeLessThan(200);
  await clock.advance(200);
  expect(await call).toMatchObject({ name });

  const caller = new AbortController();
  const abandoned = client.getOperation({ name }, { signal: caller.signal });
  await clock.whenSleeping();
  caller.abort();
  await expect(abandoned).rejects.toMatchObject({ code: Code.Canceled });
});

test.each(["before", "after"] as const)("a reset %s the work breaks an HTTP/1.1 connection", async (when) => {
  await using emulator = await startEmulator({ faults: [{ kind: "reset", when, times: 1 }] });
  const name = emulator.operations.start();
  const code = await new Promise((resolve) => {
    const socket = connect(emulator.port, "127.0.0.1");
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    socket.on("data", (data) => resolve(`answered: ${String(data)}`));
    socket.write(`POST /v1/${name}:cancel HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n`);
  });
  expect(code).toBe("ECONNRESET");
  expect(emulator.operations.find(name)?.cancelRequested).toBe(when === "after");
  expect((await fetch(`${emulator.baseUrl}/v1/${name}`)).status).toBe(200);
});

test.each(["before", "after"] as const)("a reset %s the work breaks an HTTP/2 connection", async (when) => {
  await using emulator = await startEmulator({ faults: [{ kind: "reset", when, times: 1 }] });
  const name = emulator.operations.start();
  const client = grpcClient(emulator);
  await expect(client.cancelOperation({ name })).rejects.toBeInstanceOf(ConnectError);
  expect(emulator.operations.find(name)?.cancelRequested).toBe(when === "after");
  expect(await client.getOperation({ name })).toMatchObject({ name }); // on a new connection
});

test("a reset does no harm to Connect over HTTP/1.1", async () => {
  await using emulator = await startEmulator({ faults: [{ kind: "reset", times: 1 }] });
  const transport = createConnectTransport({ baseUrl: emulator.baseUrl, httpVersion: "1.1" });
  const client = createClient(Operations, transport);
  const name = emulator.operations.start();
  await expect(client.getOperation({ name })).rejects.toBeInstanceOf(ConnectError);
  expect(await client.getOperation({ name })).toMatchObject({ name });
});

test("a page reaches every client as it is: over gRPC too, where its status becomes a code by gRPC's table", async () => {
  const body = "<h1>502 Bad Gateway</h1>";
  await using emulator = await startEmulator({ faults: [{ kind: "page", status: 502, body }] });
  const name = emulator.operations.start();
  const response = await fetch(`${emulator.baseUrl}/v1/${name}`);
  expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
    502,
    "text/html; charset=UTF-8",
    body,
  ]);
  await expect(grpcClient(emulator).getOperation({ name })).rejects.toMatchObject({
    code: Code.Unavailable,
  });
  expect(emulator.calls.map((call) => [call.protocol, call.status, call.httpStatus])).toEqual([
    ["rest", "INTERNAL", 502],
    ["grpc", "UNAVAILABLE", 502],
  ]);
});

test("a goaway ends the HTTP/2 connection after the answer", async () => {
  await using emulator = await startEmulator({ faults: [{ kind: "goaway" }] });
  const name = emulator.operations.start();
  const session = connectHttp2(emulator.baseUrl);
  const seen = new Set<string>();
  session.on("goaway", (code) => seen.add(`goaway ${code}`));
  const stream = session.request({ ":path": `/v1/${name}` });
  stream.on("response", (headers) => seen.add(`status ${headers[":status"]}`));
  stream.resume();
  await new Promise((resolve) => session.once("close", resolve));
  expect(seen).toEqual(new Set(["goaway 0", "status 200"]));
});

test("a goaway ends the HTTP/1.1 connection after the answer", async () => {
  await using emulator = await startEmulator({ faults: [{ kind: "goaway" }] });
  const response = await fetch(`${emulator.baseUrl}/v1/${emulator.operations.start()}`);
  expect([response.status, response.headers.get("connection")]).toEqual([200, "close"]);
});

test.each<[object, string]>([
  [{ kind: "explode" }, 'kind: invalid value (got "explode"'],
  [
    { kind: "error", code: 0 },
    "code: invalid value (got 0; expected a Code other than OK, such as Code.Unavailable (14))",
  ],
  [{ kind: "error", code: "ABORTED" }, 'code: invalid value (got "ABORTED"; expected Code.Aborted (10))'],
  [{ kind: "error", code: "CANCELLED" }, "expected Code.Canceled (1))"],
  [{ kind: "error", code: "OK" }, "expected a Code other than OK"],
  [{ kind: "error", code: "14" }, "expected a Code other than OK"],
  [{ kind: "error" }, "code: invalid value (got undefined"],
  [{ kind: "error", code: 14, retryDelay: 1 }, 'unknown option "retryDelay"'],
  [{ kind: "delay", minMs: 5, maxMs: 1 }, "maxMs: invalid value (got 1"],
  [{ kind: "delay", minMs: 5, maxMs: "1m" }, 'maxMs: invalid value (got "1m"'],
  [{ kind: "delay", minMs: 5, maxMs: Number.NaN }, "maxMs: invalid value (got NaN"],
  [
    { kind: "error", code: 14, retryDelayMs: Number.POSITIVE_INFINITY },
    "retryDelayMs: invalid value (got Infinity",
  ],
  [{ kind: "page", status: 200, body: "" }, "status: invalid value (got 200"],
  [{ kind: "page", status: "503", body: "" }, 'status: invalid value (got "503"'],
  [{ kind: "page", status: 503.5, body: "" }, "status: invalid value (got 503.5"],
  [{ kind: "page", status: 500, text: "" }, 'unknown option "text"'],
  [{ kind: "page", status: 500 }, "body: invalid value (got undefined; expected text, which may be empty)"],
  [{ kind: "page", status: 500, body: 5 }, "body: invalid value (got 5"],
  [{ kind: "page", status: 500, body: "", contentType: 5 }, "contentType: invalid value (got 5"],
  [{ kind: "page", status: 500, body: "", contentType: "a\r\nb: c" }, "contentType: invalid value"],
  [{ kind: "page", status: 500, body: "", contentType: "" }, "expected the value of an HTTP header)"],
  [{ kind: "page", status: 500, body: "", contentType: "text/é" }, "contentType: invalid value"],
  [{ kind: "error", code: 13, message: 5 }, "message: invalid value (got 5; expected text)"],
  [{ kind: "reset", when: "during" }, 'when: invalid value (got "during"; expected one of before, after)'],
  [{ kind: "reset", when: 5 }, "when: invalid value (got 5"],
  [{ kind: "reset", parent: 5 }, "parent: invalid value (got 5; expected text that is not empty)"],
  [{ kind: "reset", parent: "" }, 'parent: invalid value (got ""'],
  [{ kind: "reset", session: ["a"] }, "session: invalid value (got an array"],
  [{ kind: "goaway", probability: 2 }, "probability: invalid value (got 2; expected a number from 0 to 1)"],
  [{ kind: "goaway", probability: "0.5" }, 'probability: invalid value (got "0.5"'],
  [{ kind: "goaway", everyNth: 0 }, "everyNth: invalid value (got 0"],
  [{ kind: "reset", method: "GetOperation" }, "expected google.longrunning.Operations.GetOperation)"],
  [{ kind: "reset", method: "getOperation" }, "expected google.longrunning.Operations.GetOperation)"],
  [
    { kind: "reset", method: "/google.longrunning.Operations/GetOperation" },
    "expected google.longrunning.Operations.GetOperation)",
  ],
  [{ kind: "reset", method: "google.longrunning.Operations.getOperation" }, "Operations.GetOperation)"],
  [{ kind: "reset", method: "google.longrunning.Operations.PollOperation" }, "expected a full name"],
  [{ kind: "reset", method: "google.longrunning.Operations" }, "expected a full name"],
  [{ kind: "reset", method: "Nothing" }, "expected a full name"],
  [{ kind: "reset", method: "" }, "expected a full name"],
  [{ kind: "reset", method: 5 }, 'got "5"'],
])("refuses the fault %j", async (fault, message) => {
  await expect(startEmulator({ faults: [fault as Fault] })).rejects.toThrow(message);
});

test.each([
  [0.4, 0n, 400_000],
  [999.9999999, 0n, 999_999_999],
  [1_999.99999999, 1n, 999_999_999],
  [315_576_000_000_000, 315_576_000_000n, 0],
])("a delay of %f ms before a retry is a valid google.protobuf.Duration", (retryDelayMs, seconds, nanos) => {
  const [detail] = faultError({ kind: "error", code: Code.Unavailable, retryDelayMs }).details;
  expect(detail).toMatchObject({ value: { retryDelay: { seconds, nanos } } });
});

test("an error too large for trailers keeps its code and the start of its message", async () => {
  await using emulator = await startEmulator();
  const transport = createGrpcTransport({ baseUrl: emulator.baseUrl });
  const { listOperations } = createClient(Operations, transport);
  const value = { fields: { a: { kind: { case: "stringValue" as const, value: "x".repeat(70_000) } } } };
  for (const large of [{ message: "m".repeat(100_000) }, { details: [{ desc: StructSchema, value }] }]) {
    const remove = emulator.faults.add({ kind: "error", code: Code.Aborted, message: "mmm", ...large });
    await expect(listOperations({})).rejects.toMatchObject({
      code: Code.Aborted,
      rawMessage: expect.stringMatching(/^m{3,1000}…?$/),
    });
    expect(emulator.calls.at(-1)?.status).toBe("ABORTED");
    remove();
  }
});

test("a script and the control API reject a method's short name with the full one, too", async () => {
  const fault = { kind: "reset", method: "GetOperation" };
  const message = "expected google.longrunning.Operations.GetOperation)";
  await expect(startEmulator({ script: { faults: [fault] } })).rejects.toThrow(message);
  await using emulator = await startEmulator();
  const added = await fetch(`${emulator.baseUrl}/emulator/v1/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(fault),
  });
  expect([added.status, await added.text()]).toEqual([400, expect.stringContaining(message)]);
});

test("a fault of a method that is served later applies to it", async () => {
  const fake = createFakeOperations({
    faults: [{ kind: "error", method: selectorOf(buildMethod), code: Code.Unavailable }],
  });
  fake.serve(Builds, {});
  const build = fake.transport.unary(buildMethod, undefined, undefined, undefined, {});
  await expect(build).rejects.toMatchObject({ code: Code.Unavailable });
  expect(() => fake.faults.add({ kind: "reset", method: "build" })).toThrow(selectorOf(buildMethod));
});
