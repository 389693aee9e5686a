// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { WaitTimeoutError } from "../../src/index.js";
import { createCountingSignal } from "./counting-signal.js";
import { failed, NAME, never, running, setUp, succeeded, unavailable } from "./scripted-server.js";

const accepted = {};
const error = (code: Code) => new ConnectError("the server's words", code);

test("asks first, then polls at once, until the operation says that it was cancelled", async () => {
  const { clock, server, run } = setUp({
    CancelOperation: accepted,
    GetOperation: [running(), running(), failed(1)],
  });
  const outcome = run.cancelAndWait();
  await clock.advance(2500);
  expect(await outcome).toMatchObject({ state: "cancelled", error: { code: 1 } });
  expect(server.times).toEqual([
    "CancelOperation@0",
    "GetOperation@0",
    "GetOperation@1000",
    "GetOperation@2500",
  ]);
  expect(clock.pending).toEqual([]);
});

test("reports an operation that finished in spite of the cancel", async () => {
  const { run } = setUp({ CancelOperation: accepted, GetOperation: succeeded() });
  expect(await run.cancelAndWait()).toMatchObject({
    state: "succeeded",
    response: { reportResult: "results/1" },
  });
});

test("reports an operation that failed in spite of the cancel", async () => {
  const { run } = setUp({ CancelOperation: accepted, GetOperation: failed(13) });
  expect(await run.cancelAndWait()).toMatchObject({ state: "failed", error: { code: 13 } });
});

test("is there on the client too, with types for what it gives", async () => {
  const { client } = setUp({ CancelOperation: accepted, GetOperation: succeeded() });
  const outcome = await client.cancelAndWait(NAME);
  expect(outcome.state === "succeeded" && outcome.response?.$typeName).toBe("google.protobuf.Any");
});

describe("a server that does not cancel", () => {
  test("is an error of the request by default, and nothing is polled", async () => {
    const { server, run } = setUp({ CancelOperation: error(Code.Unimplemented), GetOperation: succeeded() });
    await expect(run.cancelAndWait()).rejects.toMatchObject({
      reason: "cancel-unsupported",
      operationName: NAME,
    });
    expect(server.times).toEqual(["CancelOperation@0"]);
  });

  test("is waited for on request", async () => {
    const { clock, run } = setUp({
      CancelOperation: error(Code.Unimplemented),
      GetOperation: [running(), succeeded()],
    });
    const outcome = run.cancelAndWait({ onUnsupported: "wait" });
    await clock.advance(1000);
    expect(await outcome).toMatchObject({ state: "succeeded" });
  });

  test("is not what a transport without a binding is: that is thrown whatever the options say", async () => {
    const { CallError } = await import("../../src/index.js");
    const unbound = new CallError({ code: Code.Unimplemented, message: "no rule", requestSent: false });
    const { run } = setUp({ CancelOperation: () => Promise.reject(unbound), GetOperation: succeeded() });
    await expect(run.cancelAndWait({ onUnsupported: "wait" })).rejects.toMatchObject({
      reason: "unimplemented",
    });
  });
});

describe("an operation that the server does not know", () => {
  test("is an error by default", async () => {
    const { server, run } = setUp({ CancelOperation: error(Code.NotFound), GetOperation: failed(1) });
    await expect(run.cancelAndWait()).rejects.toMatchObject({ reason: "not-found" });
    expect(server.times).toEqual(["CancelOperation@0"]);
  });

  test("is polled on request", async () => {
    const { run } = setUp({ CancelOperation: error(Code.NotFound), GetOperation: succeeded() });
    expect(await run.cancelAndWait({ onNotFound: "verify" })).toMatchObject({ state: "succeeded" });
  });

  test("is polled at once, whatever pause others who wait are in", async () => {
    const { clock, server, run } = setUp({
      CancelOperation: error(Code.NotFound),
      GetOperation: [running(), succeeded()],
    });
    const wait = run.wait();
    await clock.advance(300);
    await run.cancelAndWait({ onNotFound: "verify" });
    await wait;
    expect(server.times).toEqual(["GetOperation@0", "CancelOperation@300", "GetOperation@300"]);
  });

  test("is never called cancelled, also when it goes after the cancel was accepted", async () => {
    const gone = setUp({ CancelOperation: accepted, GetOperation: [running(), error(Code.NotFound)] });
    const outcome = expect(gone.run.cancelAndWait()).rejects.toMatchObject({
      reason: "not-found",
      method: "google.longrunning.Operations.GetOperation",
    });
    await gone.clock.advance(1000);
    await outcome;
    const unknown = setUp({ CancelOperation: error(Code.NotFound), GetOperation: error(Code.NotFound) });
    await expect(unknown.run.cancelAndWait({ onNotFound: "verify" })).rejects.toMatchObject({
      reason: "not-found",
    });
  });
});

describe("an operation that had ended", () => {
  test("and is known to have is given as it ended, without a request", async () => {
    const { server, run } = setUp({ CancelOperation: accepted, GetOperation: succeeded() });
    const known = await run.poll();
    expect(await run.cancelAndWait()).toBe(known);
    await expect(run.cancelAndWait({ onDone: "throw" })).rejects.toMatchObject({
      reason: "failed-precondition",
      requestSent: false,
      message: expect.stringContaining("had already ended: succeeded"),
    });
    expect(server.times).toEqual(["GetOperation@0"]);
  });

  test("is polled when the server says that it cannot be cancelled any more", async () => {
    const { run } = setUp({ CancelOperation: error(Code.FailedPrecondition), GetOperation: succeeded() });
    expect(await run.cancelAndWait()).toMatchObject({ state: "succeeded" });
  });

  test("is an error on request", async () => {
    const { run } = setUp({ CancelOperation: error(Code.FailedPrecondition), GetOperation: succeeded() });
    await expect(run.cancelAndWait({ onDone: "throw" })).rejects.toMatchObject({
      reason: "failed-precondition",
    });
  });

  test("but had not, when a poll shows it running: then the server's error is thrown", async () => {
    const { run } = setUp({ CancelOperation: error(Code.FailedPrecondition), GetOperation: running() });
    await expect(run.cancelAndWait()).rejects.toMatchObject({
      code: Code.FailedPrecondition,
      method: "google.longrunning.Operations.CancelOperation",
      message: expect.stringContaining("the server's words"),
    });
  });
});

test.each([Code.PermissionDenied, Code.Unavailable, Code.Canceled, Code.DeadlineExceeded, Code.Internal])(
  "throws a request that failed with code %i, and polls nothing",
  async (code) => {
    const { server, run } = setUp({ CancelOperation: error(code), GetOperation: failed(1) });
    await expect(run.cancelAndWait()).rejects.toMatchObject({ code, operationName: NAME });
    expect(server.times).toEqual(["CancelOperation@0"]);
  },
);

describe("its time", () => {
  test("holds for request and polls together", async () => {
    const slow = async () => {
      await clock.sleep(400);
      return accepted;
    };
    const { clock, server, run } = setUp({ CancelOperation: slow, GetOperation: running(3) });
    const outcome = run.cancelAndWait({ timeoutMs: 1000 }).catch((reason: unknown) => reason);
    await clock.advance(1000);
    expect(await outcome).toMatchObject({
      name: "WaitTimeoutError",
      timeoutMs: 1000,
      elapsedMs: 1000,
      snapshot: { state: "running" },
    });
    expect(server.times).toEqual(["CancelOperation@0", "GetOperation@400", "GetOperation@750"]);
    expect(server.calls.map((call) => call.timeoutMs)).toEqual([1000, 600, 250]);
    expect(clock.pending).toEqual([]);
  });

  test("ends a request that gets no response", async () => {
    const { clock, server, run } = setUp({ CancelOperation: never });
    const outcome = expect(run.cancelAndWait({ timeoutMs: 1000 })).rejects.toBeInstanceOf(WaitTimeoutError);
    await clock.advance(1000);
    await outcome;
    expect(server.underWay).toBe(0);
    expect(clock.pending).toEqual([]);
  });
});

describe("its signal", () => {
  test.each(["the request", "a poll", "a pause"])("ends it at once during %s", async (during) => {
    const { clock, server, run } = setUp({
      CancelOperation: during === "the request" ? never : accepted,
      GetOperation: during === "a poll" ? never : running(),
    });
    const caller = createCountingSignal();
    let reason: unknown;
    run.cancelAndWait({ signal: caller.signal, timeoutMs: 60_000 }).catch((thrown) => {
      reason = thrown.reason;
    });
    await clock.advance(10);
    caller.abort();
    await clock.advance(0);
    expect(reason).toBe("aborted-by-caller");
    expect(caller.listeners).toBe(0);
    expect(clock.pending).toEqual([]);
    expect(server.underWay).toBe(0);
    expect(server.calls.filter((call) => call.method === "CancelOperation")).toHaveLength(1);
  });

  test("sends nothing when it is aborted already", async () => {
    const { server, run } = setUp({ CancelOperation: accepted });
    for (const timeoutMs of [1000, Number.POSITIVE_INFINITY]) {
      await expect(run.cancelAndWait({ signal: AbortSignal.abort(), timeoutMs })).rejects.toMatchObject({
        reason: "aborted-by-caller",
        requestSent: false,
      });
    }
    expect(server.calls).toHaveLength(0);
  });
});

describe("those who wait on the handle", () => {
  test("go on waiting through a cancel, and poll again at once", async () => {
    const { clock, server, run } = setUp({
      CancelOperation: accepted,
      GetOperation: [running(), running(), failed(1)],
    });
    const waits = [run.wait(), run.wait()];
    await clock.advance(1200);
    await run.cancel();
    await clock.advance(0);
    expect((await Promise.all(waits)).map((one) => one.state)).toEqual(["cancelled", "cancelled"]);
    expect(server.times).toEqual([
      "GetOperation@0",
      "GetOperation@1000",
      "CancelOperation@1200",
      "GetOperation@1200",
    ]);
  });

  test("are not touched by a cancel that fails", async () => {
    const { clock, run } = setUp({
      CancelOperation: error(Code.Unimplemented),
      GetOperation: [running(), succeeded()],
    });
    const wait = run.wait();
    await expect(run.cancel()).rejects.toMatchObject({ reason: "cancel-unsupported" });
    await clock.advance(1000);
    expect(await wait).toMatchObject({ state: "succeeded" });
  });

  test("share the polls of a cancelAndWait", async () => {
    const { clock, server, run } = setUp({
      CancelOperation: accepted,
      GetOperation: [running(), running(), failed(1)],
    });
    const both = Promise.all([run.wait(), run.cancelAndWait()]);
    await clock.advance(5000);
    await both;
    expect(server.calls.filter((call) => call.method === "GetOperation")).toHaveLength(3);
  });

  test("do not poll sooner than the server asked, not even after a cancel", async () => {
    const { clock, server, run } = setUp({
      CancelOperation: accepted,
      GetOperation: [unavailable({ "retry-after": "10" }), failed(1)],
    });
    const wait = run.wait();
    await clock.advance(2000);
    await run.cancel();
    await clock.advance(8000);
    await wait;
    expect(server.times).toEqual(["GetOperation@0", "CancelOperation@2000", "GetOperation@10000"]);
  });
});
