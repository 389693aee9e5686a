// SPDX-License-Identifier: Apache-2.0
import { createRegistry } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createContextKey,
  createContextValues,
  type Transport,
} from "@connectrpc/connect";
import { RunReportMetadataSchema } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import {
  createOperationsClient,
  createRestTransport,
  type OperationsClientOptions,
  type PollingOptions,
} from "../../src/index.js";
import { callTypes } from "../../src/json/registry.js";

import { NAME, running, setUp } from "./scripted-server.js";

test("cancelOperation sends a request and resolves to nothing", async () => {
  const { server, client } = setUp({ CancelOperation: {} });
  expect(await client.cancelOperation(NAME)).toBeUndefined();
  expect(server.calls).toMatchObject([{ method: "CancelOperation", name: NAME, message: { name: NAME } }]);
});

test("getOperation, deleteOperation and waitOperation are what the proto calls them", async () => {
  const { server, client } = setUp({
    GetOperation: running(),
    DeleteOperation: {},
    WaitOperation: running(),
  });
  expect(await client.getOperation(NAME)).toMatchObject({
    $typeName: "google.longrunning.Operation",
    name: NAME,
  });
  expect(await client.deleteOperation(NAME)).toBeUndefined();
  expect(await client.waitOperation(NAME, { serverWaitMs: 2500 })).toMatchObject({ name: NAME });
  expect(await client.waitOperation(NAME)).toMatchObject({ name: NAME });
  expect(server.calls[2]).toMatchObject({
    message: { timeout: { seconds: 2n, nanos: 500_000_000 } },
    timeoutMs: 12_500,
  });
  expect(server.calls[3]).toMatchObject({ message: { name: NAME }, timeoutMs: 10_000 });
});

const badNames: [unknown, string][] = [
  ["", "is empty"],
  [".", 'has a dot segment (".")'],
  ["operations/..", 'has a dot segment ("..")'],
  ["operations/../../v2/x", 'has a dot segment ("..")'],
  ["operations/%2e%2E/x", "has a percent-encoded dot segment"],
  ["/operations/1", 'starts with "/"'],
  ["operations/1/", 'ends with "/"'],
  ["operations/1?alt=media", 'has "?" at 12'],
  ["operations/1#x", 'has "#" at 12'],
  ["operations\\1", 'has "\\" at 10'],
  ["operations/1\n", "has a control character (U+000A at 12)"],
  ["operations/\ud800", "has a lone surrogate at 11"],
  [undefined, "is not a string but undefined"],
  [{ name: "operations/1" }, "is not a string but object"],
];
test.each(badNames)("rejects the name %j in every verb, and sends nothing", async (bad, problem) => {
  const { server, client } = setUp({});
  const name = bad as string;
  const calls: (() => unknown)[] = [
    () => client.cancelOperation(name),
    () => client.getOperation(name),
    () => client.deleteOperation(name),
    () => client.waitOperation(name),
    () => client.cancelAndWait(name),
    async () => client.operation(name),
  ];
  for (const call of calls) {
    await expect(call()).rejects.toMatchObject({
      code: Code.InvalidArgument,
      reason: "invalid-argument",
      requestSent: false,
      message: expect.stringContaining(`the operation's name ${problem}`),
    });
  }
  expect(server.calls).toHaveLength(0);
});

test("lets every other name through as it is", async () => {
  const { server, client } = setUp({ CancelOperation: {} });
  const names = [
    "operations/1",
    "a",
    "projects/p:q/x%2Fy",
    "operations/ä ö+&=;$~",
    "...",
    "a/.b/c..",
    "operations/:cancel",
  ];
  for (const name of names) await client.cancelOperation(name);
  expect(server.calls.map((call) => call.name)).toEqual(names);
});

test("every error of a call is a CallError with the method, the name and the cause", async () => {
  const cause = new TypeError("broken");
  const failures: [unknown, Partial<Record<string, unknown>>][] = [
    [
      new ConnectError("no", Code.PermissionDenied),
      { code: Code.PermissionDenied, reason: "permission-denied" },
    ],
    [new ConnectError("no", Code.Unimplemented), { code: Code.Unimplemented, reason: "cancel-unsupported" }],
    [cause, { code: Code.Unknown, cause }],
  ];
  for (const [failure, want] of failures) {
    const { client } = setUp({ CancelOperation: () => Promise.reject(failure) });
    await expect(client.cancelOperation(NAME)).rejects.toMatchObject({
      name: "ConnectError",
      method: "google.longrunning.Operations.CancelOperation",
      operationName: NAME,
      attempts: 1,
      requestSent: true,
      ...want,
    });
  }
});

test("a transport that throws instead of rejecting fails the call all the same", async () => {
  const unary = () => {
    throw new Error("not even a promise");
  };
  const client = createOperationsClient({ transport: { unary, stream: unary } });
  await expect(client.cancelOperation(NAME)).rejects.toMatchObject({
    name: "ConnectError",
    operationName: NAME,
  });
});

test("headers are sent, and those of the response are given", async () => {
  const { server, client } = setUp({ GetOperation: { ...running(), headers: { "x-id": "7" } } });
  const seen: (string | null)[] = [];
  await client.getOperation(NAME, {
    headers: { "x-a": "b" },
    onHeader: (headers) => seen.push(headers.get("x-id")),
    onTrailer: (trailers) => seen.push(trailers.get("x-id")),
  });
  expect(server.calls[0]?.headers.get("x-a")).toBe("b");
  expect(seen).toEqual(["7", null]);
});

test("options of a call are read and never changed", async () => {
  const { client } = setUp({ GetOperation: running(), CancelOperation: {} });
  const options = Object.freeze({ headers: Object.freeze({ a: "b" }), timeoutMs: 5 });
  await client.getOperation(NAME, options);
  await client.cancelOperation(NAME, options);
  const polling = Object.freeze({ initialMs: 5 });
  const frozen = Object.freeze({ polling });
  expect(client.operation(NAME, frozen).name).toBe(NAME);
});

describe("context values", () => {
  const key = createContextKey("default");
  const registry = createRegistry(RunReportMetadataSchema);

  function capture(options: Partial<OperationsClientOptions> = {}) {
    const seen: Parameters<Transport["unary"]>[5][] = [];
    const { server } = setUp({ GetOperation: running() });
    const transport: Transport = {
      ...server.transport,
      unary: (...call) => {
        seen.push(call[5]);
        return server.transport.unary(...call);
      },
    };
    return { seen, client: createOperationsClient({ transport, ...options }) };
  }

  test("carry the types of a handle to the transport", async () => {
    const { seen, client } = capture();
    await client.operation(NAME, { metadata: RunReportMetadataSchema }).poll();
    expect(seen[0]?.get(callTypes)?.getMessage("google.ads.admanager.v1.RunReportMetadata")).toBeDefined();
  });

  test("carry the client's registry, beside what the caller put there, which is not changed", async () => {
    const { seen, client } = capture({ registry });
    const contextValues = createContextValues().set(key, "mine");
    await client.getOperation(NAME, { contextValues });
    expect(seen[0]?.get(callTypes)).toBe(registry);
    expect(seen[0]?.get(key)).toBe("mine");
    expect(contextValues.get(callTypes)).toBeUndefined();
    seen[0]?.set(key, "changed").delete(key);
    expect(contextValues.get(key)).toBe("default");
  });

  test("leave types that the caller put there in place", async () => {
    const { seen, client } = capture({ registry });
    const mine = createRegistry();
    await client.getOperation(NAME, { contextValues: createContextValues().set(callTypes, mine) });
    expect(seen[0]?.get(callTypes)).toBe(mine);
  });

  test("are not made where there is nothing to carry", async () => {
    const { seen, client } = capture();
    await client.getOperation(NAME);
    expect(seen[0]).toBeUndefined();
  });
});

describe("options of the client", () => {
  const { transport } = setUp({}).server;
  const rows: [unknown, string][] = [
    [
      { transport, retires: false },
      'createOperationsClient: unknown option "retires" (expected transport, retry',
    ],
    [{}, "createOperationsClient: transport: invalid value (expected a Connect Transport"],
    [undefined, "createOperationsClient: options: invalid value (got undefined; expected an object)"],
    [{ transport: "https://example.com" }, "transport: invalid value (expected a Connect Transport"],
    [
      { transport, timeoutMs: 0 },
      "createOperationsClient: timeoutMs: invalid value (got 0; expected a number from 1 to Infinity)",
    ],
    [
      { transport, clock: { now: () => 0, sleep: async () => undefined } },
      "clock: invalid value (expected an object with now() and startTimer())",
    ],
    [{ transport, timeoutMs: "5" }, 'timeoutMs: invalid value (got "5"'],
    [
      { transport, retry: { maxAttempts: -1 } },
      "createOperationsClient: retry.maxAttempts: invalid value (got -1",
    ],
    [
      { transport, retry: true },
      "createOperationsClient: retry: options: invalid value (got true; expected an object)",
    ],
    [{ transport, polling: { interval: 5 } }, 'createOperationsClient: polling: unknown option "interval"'],
    [
      { transport, polling: { jitter: 0.21 } },
      "polling.jitter: invalid value (got 0.21; expected a number from 0 to 0.2)",
    ],
    [{ transport, polling: { initialMs: 0 } }, "polling.initialMs: invalid value (got 0"],
    [{ transport, polling: { timeoutMs: 0 } }, "polling.timeoutMs: invalid value (got 0"],
    [
      { transport, polling: { initialMs: 1000, maxMs: 10 } },
      "polling.maxMs (10) is less than createOperationsClient: polling.initialMs (1000)",
    ],
  ];
  test.each(rows)("are checked when it is made: %j", (options, message) => {
    let thrown: unknown;
    try {
      createOperationsClient(options as OperationsClientOptions);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    expect(thrown).toMatchObject({ message: expect.stringContaining(message) });
  });

  test("of a delay do not cross the default of the other", async () => {
    const cadenceOf = async (polling: PollingOptions, forHandle?: PollingOptions) => {
      const { clock, server, client } = setUp({ GetOperation: running() }, { polling });
      const wait = client.operation(NAME, { polling: forHandle }).wait({ timeoutMs: 200_000 });
      const ended = expect(wait).rejects.toThrow("timed out after");
      await clock.advance(200_000);
      await ended;
      const times = server.calls.map((call) => call.atMs);
      return [times[1], Math.max(...times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0)))];
    };
    expect(await cadenceOf({ initialMs: 45_000 })).toEqual([45_000, 45_000]);
    expect(await cadenceOf({ maxMs: 400 })).toEqual([400, 400]);
    expect(await cadenceOf({ initialMs: 20_000, multiplier: 1 }, { initialMs: undefined })).toEqual([
      20_000, 20_000,
    ]);
    expect(await cadenceOf({ initialMs: 20_000 }, { maxMs: 7000 })).toEqual([7000, 7000]);
  });

  test("may be undefined, each of them", () => {
    const options = {
      transport,
      retry: undefined,
      polling: undefined,
      timeoutMs: undefined,
      clock: undefined,
    };
    expect(() => createOperationsClient(options)).not.toThrow();
  });
});

describe("a name with an empty segment, as some servers give", () => {
  const name = "operations//1/get";

  test("is taken where it is data, as over gRPC", async () => {
    const { server, client } = setUp({ GetOperation: running(0, name), CancelOperation: {} });
    expect((await client.operation(name).poll()).name).toBe(name);
    await client.cancelOperation(name);
    expect(server.calls.map((call) => call.name)).toEqual([name, name]);
  });

  test("is rejected where it would be part of a path", async () => {
    const transport = createRestTransport({ baseUrl: "http://127.0.0.1:1" });
    const client = createOperationsClient({ transport, retry: false });
    for (const call of [
      client.operation(name).poll(),
      client.cancelOperation(name),
      client.deleteOperation(name),
    ]) {
      await expect(call).rejects.toMatchObject({ code: Code.InvalidArgument, requestSent: false });
    }
    await transport.close();
  });

  test.each(["/operations/1", "operations/1/", "//", "operations//../1"])(
    "leaves the others rejected: %s",
    (other) => {
      expect(() => setUp({}).client.operation(other)).toThrow("nothing was sent");
    },
  );
});
