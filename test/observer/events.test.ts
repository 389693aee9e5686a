// SPDX-License-Identifier: Apache-2.0
import diagnostics from "node:diagnostics_channel";
import { Code, ConnectError } from "@connectrpc/connect";
import { createAdManagerClient } from "../../src/admanager.js";
import { createApiClient } from "../../src/apis.js";
import { cancelOperation, createOperationsClient, type Observer } from "../../src/index.js";
import { createFakeClock, createFakeOperations, type FakeOperations } from "../../src/testing.js";
import { closeAfterTest } from "../transport/raw-server.js";

/** Every event that an observer is told, with its kind. */
function recorder() {
  const events: { kind: string; event: Record<string, unknown> }[] = [];
  const note = (kind: string) => (event: object) => void events.push({ kind, event: { ...event } });
  const observer: Observer = {
    onCall: note("call"),
    onAttempt: note("attempt"),
    onWait: note("wait"),
    onPoll: note("poll"),
    onState: note("state"),
    onTransientError: note("transient-error"),
  };
  return {
    events,
    observer,
    kinds: () => events.map(({ kind, event }) => `${kind} ${event.phase ?? ""}`.trim()),
  };
}

function setUp(options: object = {}) {
  const clock = createFakeClock();
  const fake = createFakeOperations({ clock });
  const { events, observer, kinds } = recorder();
  const client = createOperationsClient({
    transport: fake.transport,
    clock,
    observer,
    random: () => 0,
    ...options,
  });
  return { clock, fake, events, client, kinds };
}

/** One call of a method fails with UNAVAILABLE. */
function fault({ faults }: FakeOperations, method: string, more: object): void {
  const target = `google.longrunning.Operations.${method}`;
  faults.add({ kind: "error", code: Code.Unavailable, method: target, times: 1, ...more });
}

const of = (events: { kind: string; event: Record<string, unknown> }[], kind: string) =>
  events.filter((one) => one.kind === kind).map(({ event }) => event);

test("a call that is retried: its attempts, their errors, the pauses and who asked for them", async () => {
  const { clock, fake, events, client, kinds } = setUp();
  const name = fake.operations.start({ durationMs: 60_000 });
  fault(fake, "CancelOperation", { everyNth: 1, retryDelayMs: undefined });
  fault(fake, "CancelOperation", { everyNth: 2, retryDelayMs: 3_000 });
  const cancel = client.cancelOperation(name);
  await clock.advance(60_000);
  await cancel;
  expect(kinds()).toEqual([
    "call start",
    "attempt start",
    "attempt end",
    "attempt start",
    "attempt end",
    "attempt start",
    "attempt end",
    "call end",
  ]);
  const ends = of(events, "attempt").filter(({ phase }) => phase === "end");
  expect(ends).toMatchObject([
    { attempt: 1, error: { code: Code.Unavailable }, retryInMs: 500, pausedBy: "backoff", durationMs: 0 },
    { attempt: 2, error: { code: Code.Unavailable }, retryInMs: 3_000, pausedBy: "server" },
    { attempt: 3, error: undefined, retryInMs: undefined, pausedBy: undefined },
  ]);
  const [start, end] = of(events, "call");
  expect(end).toMatchObject({ durationMs: 3_500, attempts: 3, error: undefined });
  expect(start?.call).toEqual({
    method: "google.longrunning.Operations.CancelOperation",
    operationName: name,
    handle: undefined,
  });
  expect(new Set(events.map(({ event }) => event.call)).size).toBe(1);
});

test("a call that fails ends once, also when onHeader throws after it", async () => {
  const { fake, events, client } = setUp();
  await client.getOperation("operations/none").catch(() => undefined);
  expect(of(events, "call")[1]).toMatchObject({ phase: "end", attempts: 1, error: { code: Code.NotFound } });
  const name = fake.operations.start({});
  const onHeader = () => {
    throw new Error("mine");
  };
  await expect(client.getOperation(name, { onHeader })).rejects.toThrow("mine");
  expect(of(events, "call").slice(2)).toMatchObject([{ phase: "start" }, { phase: "end", error: undefined }]);
});

test("a wait: its polls with their pauses, the states, an error that it waits through, and how it ended", async () => {
  const { clock, fake, events, client } = setUp({ retry: false });
  const name = fake.operations.start({ durationMs: 4_000 });
  fault(fake, "GetOperation", { everyNth: 2 });
  const handle = client.operation(name);
  const wait = handle.wait();
  await clock.advance(60_000);
  await wait;
  expect(of(events, "poll")).toMatchObject([
    { poll: 1, state: "running", pauseMs: 1_000, pausedBy: "backoff", operationName: name },
    { poll: 2, state: undefined, error: { code: Code.Unavailable }, pauseMs: 1_000 },
    { poll: 3, state: "running", pauseMs: 1_500 },
    { poll: 4, state: "running", pauseMs: 2_250 },
    { poll: 5, state: "succeeded", pauseMs: undefined, pausedBy: undefined },
  ]);
  expect(of(events, "state")).toMatchObject([
    { from: undefined, to: "running" },
    { from: "running", to: "succeeded" },
  ]);
  expect(of(events, "transient-error")).toMatchObject([{ poll: 2, pauseMs: 1_000, pausedBy: "backoff" }]);
  expect(of(events, "wait")).toMatchObject([
    { phase: "start", wait: { kind: "wait", operationName: name } },
    { phase: "end", outcome: "succeeded", polls: 5, error: undefined },
  ]);
  const calls = of(events, "call").map(({ call }) => (call as { handle: object }).handle);
  const handles = [...calls, ...of(events, "poll").map(({ handle: of }) => of)];
  expect(new Set(handles).size).toBe(1);
});

test("watchOperations emits its Lists as polls, and the states of the operations in them", async () => {
  const { clock, fake, events, client } = setUp({ retry: false });
  const name = fake.operations.start({ durationMs: 2_000 });
  const watch = client.watchOperations({ name: "operations" });
  fault(fake, "ListOperations", { everyNth: 2 });
  fault(fake, "ListOperations", { everyNth: 3, code: Code.PermissionDenied });
  const read = (async () => {
    for await (const _ of watch);
  })();
  const failed = expect(read).rejects.toMatchObject({ code: Code.PermissionDenied });
  await clock.advance(60_000);
  await failed;
  const polls = of(events, "poll");
  expect(polls).toMatchObject([
    {
      poll: 1,
      operationName: "operations",
      state: undefined,
      error: undefined,
      pauseMs: 1_000,
      pausedBy: "backoff",
    },
    { poll: 2, error: { code: Code.Unavailable }, pauseMs: 1_000 },
    { poll: 3, error: { code: Code.PermissionDenied }, pauseMs: undefined },
  ]);
  expect(of(events, "transient-error")).toMatchObject([{ poll: 2, operationName: "operations" }]);
  expect(of(events, "state")).toMatchObject([{ operationName: name, from: undefined, to: "running" }]);
  expect(new Set([...polls, ...of(events, "state")].map(({ handle }) => handle)).size).toBe(1);
});

test("watchOperations emits the end of an operation, from running or at first sight", async () => {
  const { clock, fake, events, client } = setUp();
  const [slow, done] = [
    fake.operations.start({ durationMs: 1_500 }),
    fake.operations.start({ durationMs: 0 }),
  ];
  const watch = client.watchOperations({ name: "operations" });
  const read = (async () => {
    for await (const change of watch) if (change.kind === "ended" && change.snapshot.name === slow) break;
  })();
  await clock.advance(60_000);
  await read;
  const states = of(events, "state").map(({ operationName, from, to }) => [operationName, from, to]);
  expect(new Set(states.map(String))).toEqual(
    new Set([`${slow},,running`, `${done},,succeeded`, `${slow},running,succeeded`]),
  );
  expect(states).toHaveLength(3);
});

test.each([
  ["the time is up", { timeoutMs: 10 }, { outcome: "timeout", error: { name: "WaitTimeoutError" } }],
  ["the caller aborts", { signal: AbortSignal.abort() }, { outcome: "aborted" }],
])("a wait ends when %s", async (_, options, end) => {
  const { clock, fake, events, client } = setUp();
  const wait = client.operation(fake.operations.start({ durationMs: 60_000 })).wait(options);
  const failed = expect(wait).rejects.toThrow();
  await clock.advance(60_000);
  await failed;
  expect(of(events, "wait")).toMatchObject([{ phase: "start" }, { phase: "end", ...end }]);
});

test("a watch ends when its reader leaves, when it is over, and when it fails: once", async () => {
  const { clock, fake, events, client } = setUp();
  const running = client.operation(fake.operations.start({ durationMs: 60_000 }));
  for await (const snapshot of running.watch()) if (snapshot.state === "running") break;
  const done = client.operation(fake.operations.start({ durationMs: 0 }));
  for await (const snapshot of done.watch()) expect(snapshot.state).toBe("succeeded");
  const lost = client.operation("operations/none").watch();
  await expect(lost.next()).rejects.toThrow();
  await lost.return?.();
  const unread = running.watch();
  await unread.return?.();
  await clock.advance(60_000);
  expect(of(events, "wait").map(({ phase, outcome }) => outcome ?? phase)).toEqual([
    "start",
    "left",
    "start",
    "succeeded",
    "start",
    "error",
  ]);
});

test("cancelAndWait, result and the waits of a bulk are waits", async () => {
  const { clock, fake, events, client } = setUp();
  const start = () => fake.operations.start({ durationMs: 1_000, onCancel: "cancels" });
  const all = Promise.all([
    client.cancelAndWait(start()),
    client.operation(start()).result(),
    (async () => {
      for await (const report of client.waitOperations([start()])) expect(report.state).toBe("succeeded");
      for await (const report of client.cancelOperations([start()], { wait: true }))
        expect(report.state).toBe("cancelled");
    })(),
  ]);
  await clock.advance(60_000);
  await all;
  const ended = of(events, "wait").filter(({ phase }) => phase === "end");
  expect(ended.map(({ wait, outcome }) => `${(wait as { kind: string }).kind} ${outcome}`).sort()).toEqual([
    "cancelAndWait cancelled",
    "cancelAndWait cancelled",
    "result succeeded",
    "wait succeeded",
  ]);
});

test("an observer that throws changes nothing", async () => {
  const fail = () => {
    throw new Error("from the observer");
  };
  const observer = { onCall: fail, onAttempt: fail, onWait: fail, onPoll: fail, onState: fail };
  const { clock, fake, client } = setUp({ observer });
  const wait = client.operation(fake.operations.start({ durationMs: 2_000 })).wait();
  await clock.advance(60_000);
  expect((await wait).state).toBe("succeeded");
});

test("an observer that is async and rejects changes nothing, and leaves no rejection behind", async () => {
  let taken = 0;
  // A promise whose rejection nobody takes would end the process.
  const rejected = () => ({
    // biome-ignore lint/suspicious/noThenProperty: it counts who takes the rejection
    then: (_: unknown, take: (reason: Error) => void) => {
      taken += 1;
      take(new Error("from the observer"));
    },
  });
  const { client } = setUp({ observer: { onCall: rejected, onAttempt: rejected } });
  await expect(client.getOperation("operations/none")).rejects.toMatchObject({ reason: "not-found" });
  await new Promise(setImmediate);
  expect(taken).toBe(4);
});

test("an observer is called as a method of its object", async () => {
  class Counter {
    calls = 0;
    onCall() {
      this.calls += 1;
    }
  }
  const counter = new Counter();
  const { client } = setUp({ observer: counter });
  await client.getOperation("operations/none").catch(() => undefined);
  expect(counter.calls).toBe(2);
});

test.each([
  [{ onCalls: () => undefined }, /observer: unknown option "onCalls"/],
  [{ onCall: 5 }, /observer\.onCall: invalid value \(got number; expected a function\)/],
  ["log", /observer: invalid value/],
  [null, /observer: invalid value/],
])("rejects the observer %p when the client is made", (observer, text) => {
  const given = { observer } as unknown as { observer: Observer };
  const { transport } = createFakeOperations();
  expect(() => createOperationsClient({ transport, ...given })).toThrow(text);
  expect(() => createAdManagerClient({ transport, ...given })).toThrow(text);
  expect(() => createApiClient("spanner", given)).toThrow(text);
});

test("createAdManagerClient passes its observer on, for report rows too", async () => {
  const fake = createFakeOperations();
  const { events, observer } = recorder();
  const client = createAdManagerClient({ transport: fake.transport, clock: fake.clock, observer });
  const run = await client.runReport("networks/1/reports/2");
  const result = run.result();
  await fake.clock.advance(60_000);
  for await (const _ of client.reportRows((await result)?.reportResult ?? "")) break;
  expect(of(events, "call").map(({ call }) => (call as { method: string }).method)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/RunReport$/),
      expect.stringMatching(/FetchReportResultRows$/),
    ]),
  );
});

describe("in Node, the diagnostics channels carry the same events", () => {
  const CHANNELS = ["call", "attempt", "wait", "poll", "state", "transient-error"];

  test("with no observer, and not any more once nobody listens", async () => {
    const { clock, fake, client } = setUp({ observer: undefined, retry: false });
    const heard: string[] = [];
    const listener = (_: unknown, channel: string | symbol) => void heard.push(String(channel));
    for (const name of CHANNELS) diagnostics.subscribe(`longrunning:${name}`, listener);
    const stop = () => {
      for (const name of CHANNELS) diagnostics.unsubscribe(`longrunning:${name}`, listener);
    };
    closeAfterTest(async () => stop());
    fault(fake, "GetOperation", {});
    const wait = client.operation(fake.operations.start({ durationMs: 2_000 }), {}).wait();
    await clock.advance(60_000);
    await wait;
    expect(new Set(heard)).toEqual(new Set(CHANNELS.map((name) => `longrunning:${name}`)));
    stop();
    heard.length = 0;
    await client.cancelOperation(fake.operations.start({}));
    expect(heard).toEqual([]);
  });

  test("for a call that is made without a client, too", async () => {
    const { fake } = setUp({ observer: undefined });
    const heard: unknown[] = [];
    const listener = (event: unknown) => void heard.push(event);
    for (const name of ["call", "attempt"]) diagnostics.subscribe(`longrunning:${name}`, listener);
    closeAfterTest(async () => {
      for (const name of ["call", "attempt"]) diagnostics.unsubscribe(`longrunning:${name}`, listener);
    });
    const name = fake.operations.start({});
    await cancelOperation(fake.transport, name);
    const call = { method: "google.longrunning.Operations.CancelOperation", operationName: name };
    expect(heard).toMatchObject([
      { phase: "start", call },
      { phase: "start", call, attempt: 1 },
      { phase: "end", call, attempt: 1, error: undefined },
      { phase: "end", call, attempts: 1, error: undefined },
    ]);
  });

  test("an event is made only while somebody listens", async () => {
    const { fake, client } = setUp({ observer: undefined });
    let reads = 0;
    const clock = { ...createFakeClock(), now: () => reads++ };
    const unobserved = createOperationsClient({ transport: fake.transport, clock });
    await client.cancelOperation(fake.operations.start({}));
    await unobserved.cancelOperation(fake.operations.start({}));
    const before = reads;
    const observed = createOperationsClient({
      transport: fake.transport,
      clock,
      observer: { onCall: () => undefined },
    });
    await observed.cancelOperation(fake.operations.start({}));
    expect(before).toBeLessThan(reads - before);
  });
});

test("an error of a call is that of its transport, without the call's own credential", async () => {
  const { observer, events } = recorder();
  const transport = {
    ...createFakeOperations().transport,
    unary: async () => {
      throw new ConnectError("you sent planted-token-1", Code.PermissionDenied);
    },
  };
  const client = createOperationsClient({ transport, observer });
  const headers = { authorization: "Bearer planted-token-1" };
  await client.getOperation("operations/1", { headers }).catch(() => undefined);
  const texts = events.map(({ event }) => String((event.error as Error | undefined)?.message));
  expect(texts.join("\n")).toContain("you sent [redacted]");
  expect(texts.join("\n")).not.toContain("planted-token-1");
});
