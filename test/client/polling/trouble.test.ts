// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { ReportService } from "../../../gen/google/ads/admanager/v1/report_service_pb.js";
import {
  CallError,
  createOperationsClient,
  type OperationHandle,
  WaitTimeoutError,
} from "../../../src/index.js";
import { createFakeClock } from "../../../src/testing.js";
import {
  createScriptedServer,
  failed,
  NAME,
  never,
  running,
  setUp,
  succeeded,
  unavailable,
} from "../scripted-server.js";

/** An error as a transport makes it of a connection that failed with this code, deep in its causes. */
function lost(code: string): ConnectError {
  const cause = new AggregateError([Object.assign(new Error(`connect: ${code}`), { code })], "");
  return new ConnectError("the connection failed", Code.Unavailable, undefined, undefined, cause);
}

const internal = new ConnectError("oops", Code.Internal);
const unknown = new ConnectError("RST_STREAM without a status", Code.Unknown);

describe("a certificate or a protocol that cannot work", () => {
  test.each([
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "NODE_EXTRA_CA_CERTS or pass tls.ca"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "NODE_EXTRA_CA_CERTS or pass tls.ca"],
    ["CERT_HAS_EXPIRED", "NODE_EXTRA_CA_CERTS or pass tls.ca"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "check the host"],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "check the host"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "check the scheme (https or http), the port"],
    ["EPROTO", "check the scheme (https or http), the port"],
  ])("ends a wait at once, and no call is sent again: %s", async (code, advice) => {
    const { clock, server, run } = setUp({ GetOperation: [running(), lost(code)] }, { retry: {} });
    const wait = expect(run.wait()).rejects.toThrow(advice);
    await clock.advance(1000);
    await wait;
    expect(server.calls).toHaveLength(2);
    expect(clock.pending).toEqual([]);
  });

  test("is told by grpc-js in its text alone", async () => {
    const text = "No connection established. Last error: Error: self-signed certificate in chain";
    const { run } = setUp({ GetOperation: new ConnectError(text, Code.Unavailable) });
    await expect(run.wait()).rejects.toThrow("tls.ca");
  });
});

describe("a server that cannot be reached", () => {
  const codes = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"];

  test.each(codes)("ends the wait for an operation that nothing is known of: %s", async (code) => {
    const { clock, server, run } = setUp({ GetOperation: lost(code) });
    await expect(run.wait()).rejects.toMatchObject({ code: Code.Unavailable, operationName: NAME });
    const watched = expect(run.watch().next()).rejects.toMatchObject({ code: Code.Unavailable });
    await clock.advance(1000);
    await watched;
    expect(server.calls).toHaveLength(2);
    expect(clock.pending).toEqual([]);
  });

  test.each([
    ["accepted", { CancelOperation: {} }, {}],
    ["not supported", {}, { onUnsupported: "wait" }],
    [
      "of an unknown name",
      { CancelOperation: new ConnectError("", Code.NotFound) },
      { onNotFound: "verify" },
    ],
  ] as const)("is waited for after a cancel request that was %s", async (_, script, options) => {
    const { clock, run } = setUp({ ...script, GetOperation: [lost("ECONNREFUSED"), succeeded()] });
    const wait = run.cancelAndWait(options);
    await clock.advance(2000);
    expect(await wait).toMatchObject({ state: "succeeded" });
  });

  test("is waited for once it has been reached, whatever it said", async () => {
    const { clock, run } = setUp({ GetOperation: [unavailable(), lost("ECONNREFUSED"), succeeded()] });
    const wait = run.wait();
    await clock.advance(2000);
    expect(await wait).toMatchObject({ state: "succeeded" });
  });

  test("is waited for once the operation was seen, was started here, or was saved", async () => {
    const { clock, server, client, run } = setUp({
      GetOperation: [running(), lost("ENOTFOUND"), succeeded()],
      RunReport: running(),
    });
    const seen = run.wait();
    await clock.advance(2000);
    expect(await seen).toMatchObject({ state: "succeeded" });

    server.script({ GetOperation: [lost("ENOTFOUND"), succeeded()] });
    const started = await client.startOperation(ReportService.method.runReport, {
      name: "networks/1/reports/2",
    });
    const wait = started.wait();
    await clock.advance(3000);
    expect(await wait).toMatchObject({ state: "succeeded" });

    server.script({ GetOperation: [lost("ENOTFOUND"), succeeded()] });
    const resumed = client.fromJSON({ version: 1, name: NAME }).wait();
    await clock.advance(3000);
    expect(await resumed).toMatchObject({ state: "succeeded" });
  });
});

describe("connections that break without a response", () => {
  const reset = lost("ECONNRESET");

  test("end the wait for an operation that nothing is known of, the third in a row", async () => {
    const { clock, server, run } = setUp({ GetOperation: [reset, lost("EPIPE"), reset] });
    const wait = expect(run.wait()).rejects.toMatchObject({ code: Code.Unavailable });
    await clock.advance(10_000);
    await wait;
    expect(server.calls).toHaveLength(3);
  });

  test.each([
    ["a poll has had a response", [reset, reset, unavailable(), reset, reset, reset, succeeded()]],
    ["the operation was seen", [running(), reset, reset, reset, reset, succeeded()]],
  ])("are waited through once %s", async (_, responses) => {
    const { clock, run } = setUp({ GetOperation: responses });
    const wait = run.wait();
    await clock.advance(60_000);
    expect(await wait).toMatchObject({ state: "succeeded" });
  });
});

describe("a server's passing trouble", () => {
  test.each([internal, unknown])("is waited through twice in a row: %s", async (error) => {
    const { clock, run } = setUp({
      GetOperation: [running(), error, error, running(), error, error, succeeded()],
    });
    const wait = run.wait();
    await clock.advance(20_000);
    expect(await wait).toMatchObject({ state: "succeeded" });
  });

  test("ends the wait when it comes three times in a row, both codes together", async () => {
    const { clock, server, run } = setUp({ GetOperation: [running(), internal, unknown, internal] });
    const wait = expect(run.wait()).rejects.toMatchObject({ code: Code.Internal });
    await clock.advance(20_000);
    await wait;
    expect(server.calls).toHaveLength(4);
  });

  test("ends it as often as the options say, and never when they call it transient", async () => {
    const once = setUp({ GetOperation: [internal] }, { polling: { maxServerErrors: 1 } });
    await expect(once.run.wait()).rejects.toMatchObject({ code: Code.Internal });
    expect(once.server.calls).toHaveLength(1);
    const always = setUp(
      { GetOperation: [...Array(9).fill(internal), succeeded()] },
      { polling: { transientCodes: [Code.Internal] } },
    );
    const wait = always.run.wait();
    await always.clock.advance(20_000);
    expect(await wait).toMatchObject({ state: "succeeded" });
  });
});

test("a limit of the server's slows the polls down, a lost connection does not", async () => {
  const polling = { initialMs: 100, multiplier: 2, maxMs: 400, jitter: 0 };
  const pollsIn2s = async (error: ConnectError) => {
    const { clock, server, run } = setUp(
      { GetOperation: [running(), ...Array(99).fill(error)] },
      { polling },
    );
    const wait = run.wait({ timeoutMs: 2_000 }).catch((reason: unknown) => reason);
    await clock.advance(2_000);
    expect(await wait).toBeInstanceOf(WaitTimeoutError);
    return server.calls.length;
  };
  expect(await pollsIn2s(new ConnectError("quota", Code.ResourceExhausted))).toBeLessThan(10);
  expect(await pollsIn2s(unavailable())).toBeGreaterThan(15);
});

describe("onTransientError", () => {
  test("is called for each error that is waited through, and for no other", async () => {
    const { clock, run } = setUp({
      GetOperation: [unavailable(), running(), internal, new ConnectError("gone", Code.NotFound)],
    });
    const seen: (Code | undefined)[] = [];
    const onTransientError = (error: CallError) => seen.push(error.code);
    const wait = expect(run.wait({ onTransientError })).rejects.toMatchObject({ reason: "not-found" });
    await clock.advance(20_000);
    await wait;
    expect(seen).toEqual([Code.Unavailable, Code.Internal]);
  });

  test("belongs to its wait alone, and ends that one when it throws", async () => {
    const { clock, run } = setUp({ GetOperation: [unavailable(), succeeded()] });
    const onTransientError = () => {
      throw new RangeError("enough");
    };
    const impatient = expect(run.wait({ onTransientError })).rejects.toThrow(new RangeError("enough"));
    const patient = run.wait();
    await clock.advance(2000);
    await impatient;
    expect(await patient).toMatchObject({ state: "succeeded" });
  });

  test("ends its wait when it rejects, and no other", async () => {
    const { clock, run } = setUp({ GetOperation: [unavailable(), running(), running(), succeeded()] });
    const onTransientError = async () => {
      throw new RangeError("enough");
    };
    const impatient = expect(run.wait({ onTransientError })).rejects.toThrow(new RangeError("enough"));
    const patient = run.wait();
    await clock.advance(20_000);
    await impatient;
    expect(await patient).toMatchObject({ state: "succeeded" });
  });

  test("changes nothing when it rejects after its wait has ended", async () => {
    const { clock, run } = setUp({ GetOperation: [unavailable(), succeeded()] });
    let reject = (_: Error): void => undefined;
    const onTransientError = () =>
      new Promise<void>((_, rejects) => {
        reject = rejects;
      });
    const wait = run.wait({ onTransientError });
    await clock.advance(2000);
    expect(await wait).toMatchObject({ state: "succeeded" });
    reject(new RangeError("too late"));
    expect(await run.wait()).toMatchObject({ state: "succeeded" });
  });

  test("is called by watch() and cancelAndWait(), too", async () => {
    const { clock, run } = setUp({ GetOperation: [unavailable(), succeeded()] });
    let calls = 0;
    const onTransientError = () => {
      calls += 1;
    };
    const watched = run.watch({ onTransientError }).next();
    await clock.advance(2000);
    await watched;
    const other = setUp({ CancelOperation: {}, GetOperation: [unavailable(), succeeded()] });
    const ended = other.run.cancelAndWait({ onTransientError });
    await other.clock.advance(2000);
    await ended;
    expect(calls).toBe(2);
  });
});

test.each(["random", "clock"] as const)(
  "a %s that throws ends the waits, which never hang",
  async (option) => {
    const broken = () => {
      throw new RangeError("broken");
    };
    const { clock } = setUp({});
    const own = { random: broken, clock: { ...clock, now: () => clock.now(), startTimer: broken } };
    const { run } = setUp(
      { GetOperation: running() },
      { [option]: own[option], timeoutMs: Number.POSITIVE_INFINITY },
    );
    await expect(run.wait()).rejects.toThrow("broken");
  },
);

describe("the last poll", () => {
  test("comes before the time is up, though the server asked for more time", async () => {
    const slow = { ...running(), headers: { "retry-after": "3600" } };
    const { clock, server, run } = setUp({ GetOperation: [slow, succeeded()] });
    const wait = run.wait({ timeoutMs: 60_000 });
    await clock.advance(60_000);
    expect(await wait).toMatchObject({ state: "succeeded" });
    expect(server.times).toEqual(["GetOperation@0", "GetOperation@59000"]);
  });

  test("begins earlier where polls are slow", async () => {
    const slow = async () => {
      await clock.sleep(3000);
      return running();
    };
    const polling = { initialMs: 50_000, maxMs: 50_000 };
    const { clock, server, run } = setUp({ GetOperation: [slow, slow] }, { polling });
    const wait = expect(run.wait({ timeoutMs: 40_000 })).rejects.toBeInstanceOf(WaitTimeoutError);
    await clock.advance(40_000);
    await wait;
    expect(server.times).toEqual(["GetOperation@0", "GetOperation@34000"]);
  });

  test("is made for each wait, whatever the others have", async () => {
    const { clock, server, run } = setUp(
      { GetOperation: running() },
      { polling: { initialMs: 90_000, maxMs: 90_000 } },
    );
    const ends = [8000, 20_000].map((timeoutMs) => run.wait({ timeoutMs }).catch((error) => error));
    await clock.advance(20_000);
    expect(await Promise.all(ends)).toEqual([expect.any(WaitTimeoutError), expect.any(WaitTimeoutError)]);
    expect(server.times).toEqual(["GetOperation@0", "GetOperation@7000", "GetOperation@19000"]);
  });

  test.each([
    ["sees the end", [succeeded()], { state: "succeeded" }],
    ["sees no end", [running()], { name: "WaitTimeoutError", polls: 3 }],
    ["gets no response", [never], { name: "WaitTimeoutError", polls: 3 }],
  ])("is made once more after the process was frozen: %s", async (_title, last, expected) => {
    const clock = createFakeClock();
    let frozenMs = 0;
    let respond: (operation: object) => void = () => undefined;
    const held = new Promise<object>((resolve) => {
      respond = resolve;
    });
    const { transport } = createScriptedServer(clock, { GetOperation: [running(), () => held, ...last] });
    const client = createOperationsClient({
      transport,
      clock: { ...clock, now: () => clock.now() + frozenMs },
      polling: { initialMs: 90_000, maxMs: 90_000 },
    });
    const wait = client.operation(NAME).wait({ timeoutMs: 60_000 });
    const ended = wait.catch((error: unknown) => error);
    await clock.advance(59_500);
    frozenMs = 3_600_000;
    await clock.advance(500);
    respond(running());
    await clock.advance(5000);
    expect(await ended).toMatchObject(expected);
    expect(clock.pending).toEqual([]);
  });
});

test("a poll that is under way when a cancel is accepted is followed by another at once", async () => {
  let respond: (operation: object) => void = () => undefined;
  const held = new Promise<object>((resolve) => {
    respond = resolve;
  });
  const { clock, server, run } = setUp({
    CancelOperation: {},
    GetOperation: [running(), () => held, succeeded()],
  });
  const wait = run.wait();
  await clock.advance(1500);
  await run.cancel();
  respond(running());
  await clock.advance(0);
  expect(await wait).toMatchObject({ state: "succeeded" });
  expect(server.times.at(-1)).toBe("GetOperation@1500");
});

describe("what is known", () => {
  test("never goes back from an end, whichever poll ends last", async () => {
    let respond: (operation: object) => void = () => undefined;
    const late = new Promise<object>((resolve) => {
      respond = resolve;
    });
    const { run } = setUp({ GetOperation: [() => late, succeeded(), running()] });
    const older = run.poll();
    const newer = await run.poll();
    respond(running(10));
    expect(await older).toBe(newer);
    expect(await run.wait()).toBe(newer);
  });

  test("is never replaced by what a poll that began earlier has seen", async () => {
    let respond: (operation: object) => void = () => undefined;
    const late = new Promise<object>((resolve) => {
      respond = resolve;
    });
    const { run } = setUp({ GetOperation: [() => late, running(80)] });
    const older = run.poll();
    const newer = await run.poll();
    respond(running(10));
    expect(await older).toBe(newer);
    expect((await run.watch().next()).value).toBe(newer);
  });

  test.each([
    ["a running operation", running()],
    ["another end", failed(Code.Internal)],
    ["the same end with another response", { ...succeeded(), result: { case: "response", value: {} } }],
  ])("never changes after an end, though a poll that began later shows %s", async (_, shown) => {
    let respond: (operation: object) => void = () => undefined;
    const late = new Promise<object>((resolve) => {
      respond = resolve;
    });
    const { run } = setUp({ GetOperation: [succeeded(), () => late] });
    const [first, later] = [run.poll(), run.poll()];
    const end = await first;
    respond(shown);
    expect(await later).toBe(end);
    expect(await run.wait()).toBe(end);
  });

  test("is an end as soon as any poll has seen it", async () => {
    let respond: (operation: object) => void = () => undefined;
    const late = new Promise<object>((resolve) => {
      respond = resolve;
    });
    const { run } = setUp({ GetOperation: [() => late, running(80)] });
    const older = run.poll();
    await run.poll();
    respond(succeeded());
    expect(await older).toMatchObject({ state: "succeeded" });
    expect(await run.poll()).toMatchObject({ state: "succeeded" });
  });
});

describe("an abort", () => {
  test("says that something was sent, when something was", async () => {
    const { clock, run } = setUp({ CancelOperation: {}, GetOperation: [running(), never] });
    const first = run.wait().catch(() => undefined);
    await clock.advance(500);
    for (const wait of [run.wait.bind(run), run.cancelAndWait.bind(run)]) {
      const controller = new AbortController();
      const ended = expect(wait({ signal: controller.signal })).rejects.toMatchObject({
        requestSent: true,
        message: expect.not.stringContaining("before anything was sent"),
      });
      await clock.advance(1000); // a poll of this wait
      controller.abort();
      await ended;
    }
    void first;
  });
});

describe("a time that is up at once", () => {
  const unsent = new CallError({
    code: Code.DeadlineExceeded,
    message: "the call timed out",
    requestSent: false,
  });
  const waits: [string, (run: OperationHandle<unknown, unknown>, timeoutMs: number) => Promise<unknown>][] = [
    ["wait", (run, timeoutMs) => run.wait({ timeoutMs })],
    ["result", (run, timeoutMs) => run.result({ timeoutMs })],
    [
      "watch",
      async (run, timeoutMs) => {
        for await (const _ of run.watch({ timeoutMs })) {
          // to its end
        }
      },
    ],
  ];
  describe.each(waits)("%s", (_, wait) => {
    test.each([
      ["that is still running", running(), 0],
      ["that is still running", running(), 1e-6],
      ["whose poll was ended by that time, before it was sent", unsent, 0],
    ])(
      "ends with a WaitTimeoutError, and no poll goes on, for an operation %s: %#",
      async (_title, response, timeoutMs) => {
        const { clock, server, run } = setUp({ GetOperation: response }, { retry: false });
        const ended = expect(wait(run, timeoutMs)).rejects.toBeInstanceOf(WaitTimeoutError);
        await clock.advance(60_000);
        await ended;
        expect(server.calls.length).toBeLessThanOrEqual(2); // a last one may be made
      },
    );
  });
});
