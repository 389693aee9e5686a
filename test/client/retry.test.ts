// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { ReportService } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import type { RetryOptions } from "../../src/index.js";
import { createCountingSignal } from "./counting-signal.js";
import { NAME, never, running, setUp, timesSent, unavailable } from "./scripted-server.js";

const withRetry = (script: Parameters<typeof setUp>[0], retry: RetryOptions = {}, options: object = {}) =>
  setUp(script, { retry, ...options });

const atMs = (server: { calls: readonly { atMs: number }[] }) => server.calls.map((call) => call.atMs);

test("sends again after UNAVAILABLE: five attempts in all, 500 ms apart and twice as long each time", async () => {
  const { clock, server, client } = withRetry({ CancelOperation: unavailable() });
  const cancel = expect(client.cancelOperation(NAME)).rejects.toMatchObject({
    code: Code.Unavailable,
    reason: "unavailable",
    attempts: 5,
    operationName: NAME,
  });
  await clock.advance(60_000);
  await cancel;
  expect(atMs(server)).toEqual([0, 500, 1500, 3500, 7500]);
  expect(clock.pending).toEqual([]);
});

test("gives the response of the attempt that succeeds", async () => {
  const { clock, server, client } = withRetry({ GetOperation: [unavailable(), unavailable(), running(5)] });
  const get = client.getOperation(NAME);
  await clock.advance(1500);
  expect(await get).toMatchObject({ name: NAME });
  expect(server.calls).toHaveLength(3);
});

test("waits no longer than 10 s between two attempts", async () => {
  const { clock, server, client } = withRetry(
    { GetOperation: unavailable() },
    { maxAttempts: 9 },
    { timeoutMs: 100_000 },
  );
  client.getOperation(NAME).catch(() => undefined);
  await clock.advance(100_000);
  expect(atMs(server)).toEqual([0, 500, 1500, 3500, 7500, 15500, 25500, 35500, 45500]);
});

test("takes chance off each pause, and no more than the options allow", async () => {
  const { clock, server, client } = withRetry(
    { GetOperation: unavailable() },
    { jitter: 0.4 },
    { random: () => 0.5 },
  );
  client.getOperation(NAME).catch(() => undefined);
  await clock.advance(60_000);
  expect(atMs(server)).toEqual([0, 400, 1200, 2800, 6000]);
});

describe("one deadline holds for all attempts", () => {
  test("each is given what is left of it", async () => {
    const { clock, server, client } = withRetry({ CancelOperation: unavailable() });
    client.cancelOperation(NAME).catch(() => undefined);
    await clock.advance(60_000);
    expect(server.calls.map((call) => call.timeoutMs)).toEqual([10_000, 9500, 8500, 6500, 2500]);
  });

  test("a pause that would end at it or after it is not begun", async () => {
    const { clock, server, client } = withRetry({ CancelOperation: unavailable() });
    const cancel = expect(client.cancelOperation(NAME, { timeoutMs: 1500 })).rejects.toMatchObject({
      attempts: 2,
    });
    await clock.advance(500);
    await cancel;
    expect(atMs(server)).toEqual([0, 500]);
    expect(clock.pending).toEqual([]);
  });

  test("a server that asks for more time than is left is believed at once", async () => {
    const { clock, server, client } = withRetry({ CancelOperation: unavailable({ "retry-after": "60" }) });
    await expect(client.cancelOperation(NAME)).rejects.toMatchObject({ code: Code.Unavailable, attempts: 1 });
    expect(atMs(server)).toEqual([0]);
    expect(clock.pending).toEqual([]);
  });

  test("it is never tried again after", async () => {
    const { server, client } = withRetry({
      GetOperation: new ConnectError("too late", Code.DeadlineExceeded),
    });
    await expect(client.getOperation(NAME)).rejects.toMatchObject({
      reason: "deadline-exceeded",
      attempts: 1,
    });
    expect(server.calls).toHaveLength(1);
  });

  test("one that has passed sends nothing", async () => {
    const { server, client } = withRetry({ GetOperation: running() });
    await expect(client.getOperation(NAME, { timeoutMs: Number.NaN })).rejects.toThrow(TypeError);
    for (const timeoutMs of [0, -5]) {
      await expect(client.getOperation(NAME, { timeoutMs })).rejects.toMatchObject({
        code: Code.DeadlineExceeded,
        requestSent: false,
      });
    }
    expect(server.calls).toHaveLength(0);
  });

  test("without one, the transport is told that there is none", async () => {
    const { server, client } = withRetry({ GetOperation: running() });
    await client.getOperation(NAME, { timeoutMs: Number.POSITIVE_INFINITY });
    await client.getOperation(NAME, { timeoutMs: 2 ** 31 });
    expect(server.calls.map((call) => call.timeoutMs)).toEqual([0, 0]);
  });
});

describe("a delay that the server asks for", () => {
  const retryInfo = (seconds: bigint, nanos = 0) =>
    new ConnectError("wait", Code.Unavailable, undefined, [
      { desc: RetryInfoSchema, value: { retryDelay: { seconds, nanos } } },
    ]);
  const rows: [string, ConnectError, number][] = [
    ["RetryInfo longer than ours", retryInfo(3n, 500_000_000), 3500],
    ["RetryInfo shorter than ours", retryInfo(0n, 1_000_000), 500],
    ["Retry-After in seconds", unavailable({ "retry-after": "2" }), 2000],
    ["Retry-After as a date", unavailable({ "retry-after": "Thu, 01 Jan 1970 00:00:04 GMT" }), 2765.433],
    ["Retry-After that nobody can read", unavailable({ "retry-after": "2.5 minutes" }), 500],
    ["gRPC's pushback", unavailable({ "grpc-retry-pushback-ms": "2500" }), 2500],
    ["gRPC's pushback shorter than ours", unavailable({ "grpc-retry-pushback-ms": "0" }), 500],
  ];
  test.each(rows)("is heeded: %s", async (_title, error, wantMs) => {
    const { clock, server, client } = withRetry({ CancelOperation: [error, {}] });
    const cancel = client.cancelOperation(NAME);
    await clock.advance(9000);
    await cancel;
    expect(atMs(server)).toEqual([0, wantMs]);
  });
});

describe("what is not sent again", () => {
  test.each(["-1", "soon", "1.5", ""])("a call after a gRPC pushback of %j", async (pushback) => {
    const { server, client } = withRetry({
      CancelOperation: unavailable({ "grpc-retry-pushback-ms": pushback }),
    });
    await expect(client.cancelOperation(NAME)).rejects.toMatchObject({ code: Code.Unavailable, attempts: 1 });
    expect(server.calls).toHaveLength(1);
  });

  const codes = Object.values(Code).filter((code) => typeof code === "number" && code !== Code.Unavailable);
  test.each(codes)("a call that failed with code %i", async (code) => {
    const { server, client } = withRetry({ CancelOperation: new ConnectError("no", code as Code) });
    const attempts = timesSent(code);
    await expect(client.cancelOperation(NAME)).rejects.toMatchObject({ code, attempts });
    expect(server.calls).toHaveLength(attempts);
  });

  test("a call that starts an operation", async () => {
    const { clock, server, client } = withRetry({ RunReport: unavailable() });
    const start = client.startOperation(ReportService.method.runReport, { name: "networks/1/reports/2" });
    await expect(start).rejects.toMatchObject({ attempts: 1, code: Code.Unavailable });
    await clock.advance(60_000);
    expect(server.calls).toHaveLength(1);
  });

  test("a call of a client with retry: false", async () => {
    const { clock, server, client } = setUp({ GetOperation: unavailable() }, { retry: false });
    await expect(client.getOperation(NAME)).rejects.toMatchObject({ attempts: 1 });
    await clock.advance(60_000);
    expect(server.calls).toHaveLength(1);
  });

  test("a call of the raw client", async () => {
    const { clock, server, client } = withRetry({ GetOperation: unavailable() });
    await expect(client.raw.getOperation({ name: NAME })).rejects.toMatchObject({ code: Code.Unavailable });
    await clock.advance(60_000);
    expect(server.calls).toHaveLength(1);
    expect(server.calls[0]?.timeoutMs).toBeUndefined();
  });
});

describe("what is sent again", () => {
  test("each of the five methods of Operations", async () => {
    const { clock, server, client } = withRetry({}, { maxAttempts: 2 });
    for (const method of [
      "CancelOperation",
      "GetOperation",
      "DeleteOperation",
      "ListOperations",
      "WaitOperation",
    ]) {
      server.script({ [method]: unavailable() });
    }
    const calls = [
      client.cancelOperation(NAME),
      client.getOperation(NAME),
      client.deleteOperation(NAME),
      client.waitOperation(NAME),
      client.listOperations({})[Symbol.asyncIterator]().next(),
    ];
    const settled = Promise.allSettled(calls);
    await clock.advance(500);
    await settled;
    expect(server.calls).toHaveLength(10);
  });

  test.each([
    ["the call says that it may be", {}, { idempotent: true }],
    ["the options name it", { idempotentMethods: ["google.ads.admanager.v1.ReportService.RunReport"] }, {}],
  ])("a call that starts an operation, where %s", async (_title, retry, start) => {
    const { clock, server, client } = withRetry({ RunReport: [unavailable(), running()] }, retry);
    const run = client.startOperation(
      ReportService.method.runReport,
      { name: "networks/1/reports/2" },
      start,
    );
    await clock.advance(500);
    expect((await run).name).toBe(NAME);
    expect(server.calls).toHaveLength(2);
  });

  test("a call that failed with a code that the options name", async () => {
    const { clock, server, client } = withRetry(
      { GetOperation: [new ConnectError("busy", Code.Aborted), running()] },
      { codes: [Code.Aborted] },
    );
    const get = client.getOperation(NAME);
    await clock.advance(500);
    await get;
    expect(server.calls).toHaveLength(2);
  });
});

describe("the caller's abort", () => {
  test("between two attempts rejects at once, and leaves no timer and no listener", async () => {
    const { clock, server, client } = withRetry({ CancelOperation: unavailable() });
    const caller = createCountingSignal();
    let error: unknown;
    client.cancelOperation(NAME, { signal: caller.signal }).catch((thrown: unknown) => {
      error = thrown;
    });
    await clock.advance(600);
    expect(clock.pending).toHaveLength(1);
    caller.abort(new Error("changed my mind"));
    await clock.advance(0);
    expect(error).toMatchObject({
      reason: "aborted-by-caller",
      code: Code.Canceled,
      attempts: 2,
      requestSent: true,
      cause: { message: "changed my mind" },
    });
    expect(clock.pending).toEqual([]);
    expect(caller.listeners).toBe(0);
    await clock.advance(60_000);
    expect(server.calls).toHaveLength(2);
  });

  test("during an attempt rejects in the same turn and is not tried again", async () => {
    const { clock, server, client } = withRetry({ CancelOperation: never });
    const caller = createCountingSignal();
    let reason: unknown;
    client.cancelOperation(NAME, { signal: caller.signal }).catch((thrown) => {
      reason = thrown.reason;
    });
    await clock.advance(10);
    caller.abort();
    for (let job = 0; job < 16; job++) await Promise.resolve(); // microtasks: no timer fires in between
    expect(reason).toBe("aborted-by-caller");
    expect(caller.listeners).toBe(0);
    await clock.advance(60_000);
    expect(server.calls).toHaveLength(1);
  });

  test("before the call sends nothing", async () => {
    const { server, client } = withRetry({});
    const signal = AbortSignal.abort();
    const calls = [
      client.cancelOperation(NAME, { signal }),
      client.getOperation(NAME, { signal }),
      client.deleteOperation(NAME, { signal }),
      client.waitOperation(NAME, { signal }),
      client.listOperations({ signal })[Symbol.asyncIterator]().next(),
      client.startOperation(ReportService.method.runReport, { name: "networks/1/reports/2" }, { signal }),
    ];
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({ reason: "aborted-by-caller", requestSent: false });
    }
    expect(server.calls).toHaveLength(0);
  });
});

describe("polls", () => {
  test("are retried as calls are, and the pause begins when that has failed or succeeded", async () => {
    const { clock, server, run } = withRetry({
      GetOperation: [unavailable(), running(), ...Array(5).fill(unavailable()), running()],
    });
    run.wait().catch(() => undefined);
    await clock.advance(12_000);
    expect(atMs(server)).toEqual([0, 500, 1500, 2000, 3000, 5000, 9000, 10_000, 11_500]);
  });
});

describe("a gRPC service config", () => {
  const serviceConfig = {
    methodConfig: [
      {
        name: [{ service: "google.longrunning.Operations" }],
        timeout: "20s",
        retryPolicy: {
          maxAttempts: 3,
          initialBackoff: "0.1s",
          maxBackoff: "0.150s",
          backoffMultiplier: 2,
          retryableStatusCodes: ["UNAVAILABLE", "ABORTED"],
        },
      },
      { name: [{ service: "google.longrunning.Operations", method: "DeleteOperation" }], timeout: "3s" },
    ],
  };

  test("says for each method how often, how long and after which codes", async () => {
    const { clock, server, client } = withRetry(
      { GetOperation: new ConnectError("", Code.Aborted) },
      { serviceConfig },
    );
    const get = expect(client.getOperation(NAME)).rejects.toMatchObject({ attempts: 3, code: Code.Aborted });
    await clock.advance(1000);
    await get;
    expect(atMs(server)).toEqual([0, 100, 250]);
    expect(server.calls[0]?.timeoutMs).toBe(20_000);
  });

  test("sends a method once for which it has a timeout and no retryPolicy", async () => {
    const { clock, server, client } = withRetry({ DeleteOperation: unavailable() }, { serviceConfig });
    await expect(client.deleteOperation(NAME)).rejects.toMatchObject({ attempts: 1 });
    await clock.advance(60_000);
    expect(server.calls.map((call) => call.timeoutMs)).toEqual([3000]);
  });

  test("leaves a method that it does not name to the other options", async () => {
    const { clock, server, client } = withRetry(
      { RunReport: unavailable() },
      { serviceConfig, idempotentMethods: ["google.ads.admanager.v1.ReportService.RunReport"] },
    );
    client
      .startOperation(ReportService.method.runReport, { name: "networks/1/reports/2" })
      .catch(() => undefined);
    await clock.advance(60_000);
    expect(server.calls).toHaveLength(5);
    expect(server.calls[0]?.timeoutMs).toBe(60_000);
  });

  test("gives way to the timeout of a call", async () => {
    const { server, client } = withRetry({ GetOperation: running() }, { serviceConfig });
    await client.getOperation(NAME, { timeoutMs: 77 });
    expect(server.calls[0]?.timeoutMs).toBe(77);
  });
});
