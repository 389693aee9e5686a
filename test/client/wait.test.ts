// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { ReportService } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { ErrorInfoSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { createAdManagerClient } from "../../src/admanager.js";
import { createOperationsClient, isCallError, OperationError, WaitTimeoutError } from "../../src/index.js";
import { createFakeClock, type FakeClock } from "../../src/testing.js";
import { createCountingSignal } from "./counting-signal.js";
import {
  createScriptedServer,
  failed,
  NAME,
  never,
  noChance,
  running,
  setUp,
  succeeded,
  timesSent,
  unavailable,
} from "./scripted-server.js";

/** Lets what is under way settle, without time passing. */
const settle = (clock: FakeClock) => clock.advance(0);

describe("the pace of polls", () => {
  test("polls at once, then after 1 s, and 1.5 times as long each time up to 30 s", async () => {
    const { clock, server, run } = setUp({ GetOperation: running() });
    run.wait().catch(() => undefined);
    await clock.advance(150_000);
    const pauses = server.calls.map(({ atMs }, index) => atMs - (server.calls[index - 1]?.atMs ?? 0));
    expect(pauses.map((ms) => Math.round(ms * 100) / 100)).toEqual([
      0, 1000, 1500, 2250, 3375, 5062.5, 7593.75, 11390.63, 17085.94, 25628.91, 30000, 30000,
    ]);
  });

  test("is Ad Manager's for Ad Manager: 5 s, 1.5 times as long each time, up to 60 s", async () => {
    const clock = createFakeClock();
    const server = createScriptedServer(clock, { GetOperation: running() });
    const client = createAdManagerClient({ transport: server.transport, clock, random: noChance });
    client
      .operation(NAME)
      .wait()
      .catch(() => undefined);
    await clock.advance(280_000);
    const pauses = server.calls.map(({ atMs }, index) => atMs - (server.calls[index - 1]?.atMs ?? 0));
    expect(pauses.map(Math.round)).toEqual([0, 5000, 7500, 11250, 16875, 25313, 37969, 56953, 60000]);
  });

  test("is shortened by chance, by no more than a fifth", async () => {
    for (const jitter of [0, 0.1, 0.2]) {
      const polling = { initialMs: 1000, multiplier: 1, jitter };
      const { clock, server, run } = setUp({ GetOperation: running() }, { polling, random: () => 0.999999 });
      run.wait().catch(() => undefined);
      await clock.advance(1000);
      expect(server.calls[1]?.atMs).toBeCloseTo(1000 * (1 - jitter), 1);
    }
  });

  test("counts the pause from the response, so that slow responses are not hurried after", async () => {
    const slow = async () => {
      await clock.sleep(400);
      return running();
    };
    const { clock, server, run } = setUp({ GetOperation: slow });
    run.wait().catch(() => undefined);
    await clock.advance(3000);
    expect(server.times).toEqual(["GetOperation@0", "GetOperation@1400"]);
  });
});

describe("the end", () => {
  test("is a value: succeeded, with the response typed", async () => {
    const { clock, run } = setUp({ GetOperation: [running(40), succeeded()] });
    const wait = run.wait();
    await clock.advance(1000);
    expect(await wait).toMatchObject({
      state: "succeeded",
      name: NAME,
      response: { reportResult: "results/1" },
      problems: [],
    });
    expect(clock.pending).toEqual([]);
  });

  test("is a value: cancelled, when the operation's own error has code 1", async () => {
    const { run } = setUp({ GetOperation: failed(1, "stopped") });
    expect(await run.wait()).toMatchObject({ state: "cancelled", error: { code: 1, message: "stopped" } });
  });

  test("is a value: failed, for any other code", async () => {
    const { run } = setUp({ GetOperation: failed(3, "bad report") });
    expect(await run.wait()).toMatchObject({ state: "failed", error: { code: 3 } });
  });

  test("may have neither response nor error", async () => {
    const { run } = setUp({ GetOperation: { name: NAME, done: true } });
    expect(await run.wait()).toMatchObject({ state: "succeeded", response: undefined, problems: [] });
    expect(await run.result()).toBeUndefined();
  });

  test("is known from then on: waiting again sends nothing", async () => {
    const { server, run } = setUp({ GetOperation: succeeded() });
    const first = await run.wait();
    expect(await run.wait()).toBe(first);
    expect(await run.result()).toEqual(expect.objectContaining({ reportResult: "results/1" }));
    expect(await run.poll()).toBe(first);
    expect(server.calls).toHaveLength(1);
  });
});

describe("result", () => {
  test("throws the operation's own error, with its status and details", async () => {
    const details = [{ typeUrl: "type.googleapis.com/google.rpc.RetryInfo", value: new Uint8Array() }];
    const error = { code: 9, message: "quota", details };
    const { run } = setUp({
      GetOperation: { name: NAME, done: true, result: { case: "error", value: error } },
    });
    const thrown = await run.result().catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(OperationError);
    expect(thrown).toMatchObject({
      name: "OperationError",
      operationName: NAME,
      state: "failed",
      code: 9,
      message: `operation "${NAME}" failed with FAILED_PRECONDITION: quota`,
    });
    expect((thrown as OperationError).findDetails(RetryInfoSchema)).toHaveLength(1);
    expect(isCallError(thrown)).toBe(false);
  });

  test("throws for a response of another type than asked for, instead of giving none", async () => {
    const value = { typeUrl: "type.googleapis.com/google.rpc.RetryInfo", value: new Uint8Array() };
    const { run } = setUp({ GetOperation: { name: NAME, done: true, result: { case: "response", value } } });
    expect(await run.wait()).toMatchObject({ state: "succeeded", response: undefined });
    await expect(run.result()).rejects.toMatchObject({
      code: Code.DataLoss,
      message: expect.stringContaining("response is type.googleapis.com/google.rpc.RetryInfo"),
    });
  });
});

describe("a failed poll", () => {
  const samePace = [0, 1000, 2500, 4000, 5500, 7000, 9250];
  const slower = [0, 1000, 2500, 4750, 8125];
  test.each([
    [Code.Canceled, samePace],
    [Code.DeadlineExceeded, samePace],
    [Code.ResourceExhausted, slower],
    [Code.Aborted, samePace],
    [Code.Unavailable, samePace],
  ])("with code %i goes on, slower where the server limits calls", async (code, polledAtMs) => {
    const error = new ConnectError("not now", code);
    const { clock, server, run } = setUp({
      GetOperation: [running(), running(), error, error, error, running(), running()],
    });
    run.wait().catch(() => undefined);
    await clock.advance(10_000);
    expect(server.calls.map((call) => call.atMs)).toEqual(polledAtMs);
  });

  test("with a 403 whose reason is a limit goes on, and a plain one does not", async () => {
    const details = [{ desc: ErrorInfoSchema, value: { reason: "userRateLimitExceeded" } }];
    const limited = new ConnectError("slow down", Code.PermissionDenied, undefined, details);
    const { clock, server, run } = setUp({ GetOperation: [running(), limited, running(), succeeded()] });
    const wait = run.wait();
    await clock.advance(10_000);
    expect(await wait).toMatchObject({ state: "succeeded" });
    expect(server.calls).toHaveLength(4);
  });

  const permanent = [
    Code.NotFound,
    Code.PermissionDenied,
    Code.Unauthenticated,
    Code.InvalidArgument,
    Code.DataLoss,
    Code.Unimplemented,
  ];
  test.each(permanent)("with code %i ends the wait at once", async (code) => {
    const { clock, server, run } = setUp({ GetOperation: [running(), new ConnectError("no", code)] });
    const wait = expect(run.wait()).rejects.toMatchObject({
      name: "ConnectError",
      code,
      operationName: NAME,
    });
    await clock.advance(1000);
    await wait;
    await clock.advance(100_000);
    expect(server.calls).toHaveLength(1 + timesSent(code));
    expect(clock.pending).toEqual([]);
  });

  test("that was cancelled says nothing about the operation", async () => {
    const cancelledCall = new ConnectError("client closed request", Code.Canceled);
    const { clock, run } = setUp({ GetOperation: [cancelledCall, succeeded()] });
    const wait = run.wait();
    await clock.advance(1000);
    expect(await wait).toMatchObject({ state: "succeeded" });
  });

  test("is of the codes that the options name", async () => {
    const polling = { transientCodes: [Code.NotFound] };
    const { clock, run } = setUp(
      { GetOperation: [new ConnectError("not yet", Code.NotFound), unavailable()] },
      { polling },
    );
    const wait = expect(run.wait()).rejects.toMatchObject({ code: Code.Unavailable });
    await clock.advance(1000);
    await wait;
  });
});

describe("a server that asks for time", () => {
  const startMs = Date.UTC(2026, 0, 1);
  const delayed = (seconds: number) =>
    new ConnectError("slow down", Code.ResourceExhausted, undefined, [
      { desc: RetryInfoSchema, value: { retryDelay: { seconds: BigInt(seconds), nanos: 0 } } },
    ]);
  const rows: [string, object, number][] = [
    ["RetryInfo on a failed poll", delayed(7), 7000],
    ["Retry-After in seconds on a failed poll", unavailable({ "retry-after": "7" }), 7000],
    [
      "Retry-After as a date on a failed poll",
      unavailable({ "retry-after": "Thu, 01 Jan 2026 00:00:07 GMT" }),
      7000,
    ],
    ["Retry-After on a good poll", { ...running(), headers: { "retry-after": "7" } }, 7000],
    ["Retry-After shorter than the pause", unavailable({ "retry-after": "0" }), 1000],
    ["Retry-After that nobody can read", unavailable({ "retry-after": "soon" }), 1000],
    ["Retry-After in the past", unavailable({ "retry-after": "Wed, 31 Dec 2025 23:59:00 GMT" }), 1000],
  ];
  test.each(rows)("gets it: %s", async (_title, response, wantMs) => {
    const clock = createFakeClock({ startMs });
    const server = createScriptedServer(clock, { GetOperation: [response, running()] });
    const client = createOperationsClient({
      transport: server.transport,
      clock,
      random: noChance,
      retry: false,
    });
    client
      .operation(NAME)
      .wait()
      .catch(() => undefined);
    await clock.advance(8000);
    expect(server.calls[1]?.atMs).toBeCloseTo(wantMs, 1);
  });
});

describe("the total timeout", () => {
  test("ends the wait at its moment, after one last poll", async () => {
    const { clock, server, run } = setUp({ GetOperation: running(30) });
    const wait = run.wait({ timeoutMs: 1700 }).catch((error: unknown) => error);
    await clock.advance(1699);
    expect(clock.pending).not.toEqual([]);
    await clock.advance(1);
    const error = await wait;
    expect(error).toBeInstanceOf(WaitTimeoutError);
    expect(error).toMatchObject({
      name: "WaitTimeoutError",
      operationName: NAME,
      timeoutMs: 1700,
      elapsedMs: 1700,
      polls: 3,
      message: `timed out after 1700 ms waiting for operation "${NAME}" (3 polls, last state: running)`,
      snapshot: { state: "running", metadata: { percentComplete: 30 } },
    });
    expect(isCallError(error)).toBe(false);
    expect(server.times).toEqual(["GetOperation@0", "GetOperation@1000", "GetOperation@1275"]);
    expect(clock.pending).toEqual([]);
  });

  test("ends a poll under way, whose deadline was what was left", async () => {
    const { clock, server, run } = setUp({ GetOperation: [running(), never] });
    const wait = expect(run.wait({ timeoutMs: 1300 })).rejects.toBeInstanceOf(WaitTimeoutError);
    await clock.advance(1300);
    await wait;
    expect(server.calls.map((call) => call.timeoutMs)).toEqual([1300, 325]);
    expect(server.underWay).toBe(0);
  });

  test("carries the last error as its cause", async () => {
    const { clock, run } = setUp({ GetOperation: unavailable() });
    const wait = expect(run.wait({ timeoutMs: 500 })).rejects.toMatchObject({
      snapshot: undefined,
      polls: 2,
      message: `timed out after 500 ms waiting for operation "${NAME}" (2 polls, never seen: the last poll failed with UNAVAILABLE: come back later)`,
      cause: { code: Code.Unavailable },
    });
    await clock.advance(500);
    await wait;
  });

  test("has no cause when the last poll succeeded", async () => {
    const { clock, run } = setUp({ GetOperation: [unavailable(), running()] });
    const wait = run.wait({ timeoutMs: 1500 }).catch((error: unknown) => error);
    await clock.advance(1500);
    expect(await wait).toMatchObject({ polls: 3, snapshot: { state: "running" } });
    expect(((await wait) as Error).cause).toBeUndefined();
  });

  test("can be taken up again", async () => {
    const { clock, server, run } = setUp({ GetOperation: [running(), running(), running(), succeeded()] });
    const first = expect(run.wait({ timeoutMs: 1500 })).rejects.toBeInstanceOf(WaitTimeoutError);
    await clock.advance(1500);
    await first;
    const second = run.wait();
    await clock.advance(1000);
    expect(await second).toMatchObject({ state: "succeeded" });
    expect(server.times).toEqual([
      "GetOperation@0",
      "GetOperation@1000",
      "GetOperation@1125",
      "GetOperation@2500",
    ]);
  });

  test("is unbounded with Infinity, beyond what a timer can count", async () => {
    const { clock, run } = setUp(
      { GetOperation: [running(), succeeded()] },
      { polling: { initialMs: 2 ** 33, maxMs: 2 ** 33 } },
    );
    const wait = run.wait({ timeoutMs: Number.POSITIVE_INFINITY });
    await clock.advance(2 ** 33);
    expect(await wait).toMatchObject({ state: "succeeded" });
  });

  test("comes from the client's polling options unless the wait has one", async () => {
    const { clock, run } = setUp({ GetOperation: running() }, { polling: { timeoutMs: 700 } });
    const wait = expect(run.wait()).rejects.toMatchObject({ timeoutMs: 700, elapsedMs: 700 });
    await clock.advance(700);
    await wait;
  });

  test.each([Number.NaN, -1, "5"])("is rejected when it is %p", async (timeoutMs) => {
    const { server, run } = setUp({ GetOperation: running() });
    await expect(run.wait({ timeoutMs: timeoutMs as number })).rejects.toThrow(TypeError);
    expect(server.calls).toHaveLength(0);
  });
});

describe("an abort", () => {
  test("before a wait says that it has sent nothing, whatever was polled before", async () => {
    const { clock, server, run } = setUp({ GetOperation: running() });
    await run.poll();
    const wait = run.wait({ signal: AbortSignal.abort() });
    await expect(wait).rejects.toMatchObject({ requestSent: false, attempts: 0 });
    await settle(clock);
    expect(server.times).toEqual(["GetOperation@0"]);
  });

  test("of a wait that joined a poll under way says that a request was sent", async () => {
    const { clock, run } = setUp({ GetOperation: never });
    const first = new AbortController();
    const earlier = run.wait({ signal: first.signal }).catch(() => undefined);
    await settle(clock);
    const caller = new AbortController();
    const wait = run.wait({ signal: caller.signal });
    caller.abort();
    await expect(wait).rejects.toMatchObject({ requestSent: true, attempts: 1 });
    first.abort();
    await earlier;
  });

  test("during a pause rejects in the same turn, and leaves no timer and no listener", async () => {
    const { clock, server, run } = setUp({ GetOperation: running() });
    const caller = createCountingSignal();
    let error: unknown;
    run.wait({ signal: caller.signal, timeoutMs: 60_000 }).catch((reason: unknown) => {
      error = reason;
    });
    await settle(clock);
    expect(clock.pending).toHaveLength(2);
    caller.abort("superseded");
    await Promise.resolve();
    await Promise.resolve();
    expect(error).toMatchObject({
      code: Code.Canceled,
      reason: "aborted-by-caller",
      operationName: NAME,
      requestSent: true,
      cause: "superseded",
    });
    await settle(clock);
    expect(clock.pending).toEqual([]);
    expect(caller.listeners).toBe(0);
    await clock.advance(100_000);
    expect(server.times).toEqual(["GetOperation@0"]);
  });

  test("during a poll rejects in the same turn, even when the transport does not heed it", async () => {
    const { clock, server, run } = setUp({});
    const deaf = createOperationsClient({
      transport: { ...server.transport, unary: () => new Promise<never>(() => undefined) },
      clock,
    });
    for (const handle of [run, deaf.operation(NAME)]) {
      server.script({ GetOperation: never });
      const caller = createCountingSignal();
      let rejected = false;
      handle.wait({ signal: caller.signal }).catch(() => {
        rejected = true;
      });
      await settle(clock);
      caller.abort();
      await Promise.resolve();
      await Promise.resolve();
      expect(rejected).toBe(true);
      expect(caller.listeners).toBe(0);
    }
    await settle(clock);
    expect(server.underWay).toBe(0);
    expect(clock.pending).toEqual([]);
  });

  test("ends all the waits that share the signal, which has one listener for them", async () => {
    const { clock, run } = setUp({ GetOperation: running() });
    const caller = createCountingSignal();
    const ends = Array.from({ length: 30 }, () => run.wait({ signal: caller.signal }).catch(isCallError));
    await settle(clock);
    expect(caller.listeners).toBe(1);
    caller.abort();
    expect(await Promise.all(ends)).toEqual(Array(30).fill(true));
    expect(caller.listeners).toBe(0);
  });

  test("before the wait sends nothing", async () => {
    const { server, run } = setUp({ GetOperation: running() });
    await expect(run.wait({ signal: AbortSignal.abort("no") })).rejects.toMatchObject({
      reason: "aborted-by-caller",
      requestSent: false,
      cause: "no",
    });
    expect(server.calls).toHaveLength(0);
  });

  test("never asks the server to cancel the operation", async () => {
    const { clock, server, run } = setUp({ GetOperation: running(), CancelOperation: {} });
    const controller = new AbortController();
    const { signal } = controller;
    const waits = [run.wait({ signal }), run.result({ signal }), run.watch({ signal }).next()];
    await settle(clock);
    controller.abort();
    await Promise.allSettled(waits);
    await clock.advance(60_000);
    expect(server.calls.map((call) => call.method)).not.toContain("CancelOperation");
  });

  test("leaves no listener behind after a wait that ended well", async () => {
    const { clock, run } = setUp({ GetOperation: [running(), succeeded()] });
    const caller = createCountingSignal();
    const wait = run.wait({ signal: caller.signal, timeoutMs: 60_000 });
    await clock.advance(1000);
    await wait;
    expect(caller.listeners).toBe(0);
    expect(clock.pending).toEqual([]);
  });
});

describe("many waiters on one handle", () => {
  test("share the polls, and all get the end", async () => {
    const { clock, server, run } = setUp({ GetOperation: [running(), running(), succeeded()] });
    const waits = [run.wait(), run.wait(), run.result(), run.wait()];
    await clock.advance(1000);
    waits.push(run.wait());
    await clock.advance(1500);
    expect(await Promise.all(waits)).toHaveLength(5);
    expect(server.times).toEqual(["GetOperation@0", "GetOperation@1000", "GetOperation@2500"]);
  });

  test("go on when one of them gives up or runs out of time", async () => {
    const { clock, server, run } = setUp({ GetOperation: [running(), running(), succeeded()] });
    const controller = new AbortController();
    const aborted = expect(run.wait({ signal: controller.signal })).rejects.toMatchObject({
      reason: "aborted-by-caller",
    });
    const late = expect(run.wait({ timeoutMs: 900 })).rejects.toBeInstanceOf(WaitTimeoutError);
    const patient = run.wait();
    await clock.advance(500);
    controller.abort();
    await aborted;
    await clock.advance(2000);
    await late;
    expect(await patient).toMatchObject({ state: "succeeded" });
    expect(server.calls).toHaveLength(3);
  });

  test("stop the polling when the last of them is gone", async () => {
    const { clock, server, run } = setUp({ GetOperation: running() });
    const first = new AbortController();
    const second = new AbortController();
    const waits = [run.wait({ signal: first.signal }), run.wait({ signal: second.signal })];
    await settle(clock);
    first.abort();
    await settle(clock);
    expect(clock.pending).toHaveLength(1);
    second.abort();
    await settle(clock);
    expect(clock.pending).toEqual([]);
    await Promise.allSettled(waits);
    await clock.advance(10_000);
    expect(server.calls).toHaveLength(1);
  });

  test("all get the error of a poll that fails for good", async () => {
    const { run } = setUp({ GetOperation: new ConnectError("gone", Code.NotFound) });
    const settled = await Promise.allSettled([run.wait(), run.result(), run.watch().next()]);
    expect(settled.map((one) => one.status)).toEqual(["rejected", "rejected", "rejected"]);
  });
});

test("a handle is not a promise, so that await gives it and not its result", async () => {
  const { run } = setUp({});
  expect("then" in run).toBe(false);
  expect(await run).toBe(run);
});

test("an operation that was validated only has no name and cannot be waited for", async () => {
  const { clock, server, client } = setUp({ RunReport: { name: "", done: false } });
  const run = await client.startOperation(ReportService.method.runReport, { name: "networks/1/reports/2" });
  await expect(run.wait()).rejects.toMatchObject({ code: Code.InvalidArgument, requestSent: false });
  await expect(run.poll()).rejects.toThrow("cannot poll: the server returned an operation without a name");
  expect(() => run.watch()).toThrow("cannot poll: the server returned an operation without a name");
  expect(server.times).toEqual(["RunReport@0"]);
  expect(clock.pending).toEqual([]);
});
