// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import type { CancelOperationsOptions, CancelReport, OperationNames } from "../../src/index.js";
import { createCountingSignal } from "./counting-signal.js";
import { failed, never, running, type SeenCall, setUp, succeeded, unavailable } from "./scripted-server.js";

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `operations/${index}`);

async function readAll(reports: AsyncIterable<CancelReport>): Promise<CancelReport[]> {
  const all: CancelReport[] = [];
  for await (const report of reports) all.push(report);
  return all;
}

const counted = (reports: readonly CancelReport[]) => {
  const counts: Partial<Record<CancelReport["state"], number>> = {};
  for (const { state } of reports) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};

async function* asynchronous<T>(items: Iterable<T>) {
  yield* items;
}

const exhausted = (headers?: HeadersInit) => new ConnectError("quota", Code.ResourceExhausted, headers);

/** What older APIs of Google return for too many requests. */
const limited = () =>
  new ConnectError("slow down", Code.PermissionDenied, undefined, [
    { desc: ErrorInfoSchema, value: { reason: "RATE_LIMIT_EXCEEDED", domain: "googleapis.com" } },
  ]);

describe("names", () => {
  const sources: [string, () => OperationNames][] = [
    ["an array", () => numbered(50)],
    ["a Set", () => new Set(numbered(50))],
    ["a generator", () => numbered(50).values()],
    ["an async generator", () => asynchronous(numbered(50))],
  ];
  test.each(sources)("may come from %s; each has one report", async (_title, source) => {
    const { server, client } = setUp({ CancelOperation: {} });
    const reports = await readAll(client.cancelOperations(source()));
    expect(counted(reports)).toEqual({ requested: 50 });
    expect(reports.map(({ name }) => name).sort()).toEqual(numbered(50).sort());
    expect(server.calls).toHaveLength(50);
  });

  test("may be none", async () => {
    const { client } = setUp({});
    expect(await readAll(client.cancelOperations([]))).toEqual([]);
  });

  test("may be those of a list that are not done", async () => {
    const { server, client } = setUp({
      CancelOperation: {},
      ListOperations: [
        { operations: [running(0, "operations/a"), succeeded("operations/b")], nextPageToken: "t" },
        { operations: [running(0, "operations/c")] },
      ],
    });
    const reports = await readAll(client.cancelOperations({ name: "operations", filter: "x" }));
    expect(reports.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "operations/a requested",
      "operations/c requested",
    ]);
    expect(server.calls[0]?.message).toMatchObject({ name: "operations", filter: "x" });
  });

  test("are not the characters of one name", () => {
    const { client } = setUp({});
    expect(() => client.cancelOperations("operations/1")).toThrow(
      "invalid names (expected an iterable of names",
    );
    expect(() => client.cancelOperations(undefined as unknown as string[])).toThrow(
      "expected an iterable of names",
    );
  });
});

test("a name that fails is reported, and stops no other", async () => {
  const { server, client } = setUp({
    CancelOperation: ({ name }: SeenCall) => {
      if (name.endsWith("3")) throw new ConnectError("no", Code.NotFound);
      return {};
    },
  });
  const reports = await readAll(client.cancelOperations([...numbered(10), "bad/../name", ""]));
  expect(counted(reports)).toEqual({ requested: 9, error: 3 });
  const errors = reports.flatMap((report) => (report.state === "error" ? [report] : []));
  expect(errors.sort((a, b) => a.name.localeCompare(b.name))).toMatchObject([
    { name: "", error: { reason: "invalid-argument", requestSent: false } },
    { name: "bad/../name", error: { reason: "invalid-argument", requestSent: false } },
    { name: "operations/3", error: { reason: "not-found", operationName: "operations/3" } },
  ]);
  expect(server.calls).toHaveLength(10);
});

test("reports come as they are known, not in the order of the names", async () => {
  const { clock, client } = setUp({
    CancelOperation: async ({ name }: SeenCall) => {
      await clock.sleep(1000 - Number(name.split("/")[1]) * 100);
      return {};
    },
  });
  const read = readAll(client.cancelOperations(numbered(4)));
  await clock.advance(1000);
  expect((await read).map(({ name }) => name)).toEqual(numbered(4).reverse());
});

describe("concurrency", () => {
  test.each([1, 3, 16])("is at most %i calls at one time", async (concurrency) => {
    const { clock, server, client } = setUp({
      CancelOperation: async () => {
        most = Math.max(most, server.underWay);
        await clock.sleep(10);
        return {};
      },
    });
    let most = 0;
    const read = readAll(client.cancelOperations(numbered(40), { concurrency }));
    await clock.advance(1000);
    expect(counted(await read)).toEqual({ requested: 40 });
    expect(most).toBe(concurrency);
  });

  test("bounds what is taken from the source, too, when reports are not read", async () => {
    let taken = 0;
    function* counting() {
      for (const name of numbered(1000)) {
        taken += 1;
        yield name;
      }
    }
    const { clock, client } = setUp({ CancelOperation: {} });
    const reports = client.cancelOperations(counting(), { concurrency: 5 })[Symbol.asyncIterator]();
    expect(taken).toBe(0);
    await reports.next();
    await clock.advance(1000);
    expect(taken).toBeLessThanOrEqual(6);
    await reports.next();
    await clock.advance(1000);
    expect(taken).toBeLessThanOrEqual(7);
    await reports.return?.();
  });
});

describe("with wait", () => {
  test("each name's report says how the operation ended", async () => {
    const ends: Record<string, object> = { a: failed(1, "", "a"), b: succeeded("b"), c: failed(5, "", "c") };
    const { client } = setUp({
      CancelOperation: {},
      GetOperation: ({ name }: SeenCall) => ends[name] ?? never,
    });
    const reports = await readAll(client.cancelOperations(["a", "b", "c"], { wait: true }));
    expect(reports).toMatchObject([
      { name: "a", state: "cancelled", outcome: { error: { code: 1 } } },
      { name: "b", state: "succeeded", outcome: { state: "succeeded" } },
      { name: "c", state: "failed", outcome: { error: { code: 5 } } },
    ]);
  });

  test("one that does not end in time is an error of its own", async () => {
    const { clock, client } = setUp({ CancelOperation: {}, GetOperation: running(0, "a") });
    const read = readAll(client.cancelOperations(["a"], { wait: true, timeoutMs: 3000 }));
    await clock.advance(3000);
    expect(await read).toMatchObject([
      { name: "a", state: "error", error: { name: "WaitTimeoutError", elapsedMs: 3000 } },
    ]);
  });

  test("responses that callers see differently are taken as the options say", async () => {
    const { client } = setUp({
      CancelOperation: new ConnectError("", Code.Unimplemented),
      GetOperation: succeeded("a"),
    });
    expect(counted(await readAll(client.cancelOperations(["a"], { wait: true })))).toEqual({ error: 1 });
    const waiting = client.cancelOperations(["a"], { wait: true, onUnsupported: "wait" });
    expect(counted(await readAll(waiting))).toEqual({ succeeded: 1 });
  });
});

describe("RESOURCE_EXHAUSTED", () => {
  test("pauses all names together, and each is tried again", async () => {
    let quota = 4;
    const { clock, server, client } = setUp({
      CancelOperation: () => {
        if (quota === 0) throw exhausted();
        quota -= 1;
        return {};
      },
    });
    const read = readAll(client.cancelOperations(numbered(12), { concurrency: 4 }));
    await clock.advance(999);
    const callsBefore = server.calls.length;
    expect(callsBefore).toBeLessThanOrEqual(8);
    quota = 100;
    await clock.advance(1);
    expect(counted(await read)).toEqual({ requested: 12 });
    expect(new Set(server.calls.map((call) => call.atMs))).toEqual(new Set([0, 1000]));
  });

  test("lengthens the pause each time, and heeds what the server asks for", async () => {
    const { clock, server, client } = setUp({
      CancelOperation: [exhausted(), exhausted(), exhausted({ "retry-after": "30" }), {}],
    });
    const read = readAll(client.cancelOperations(["a"]));
    await clock.advance(60_000);
    expect(counted(await read)).toEqual({ requested: 1 });
    expect(server.calls.map((call) => call.atMs)).toEqual([0, 1000, 3000, 33_000]);
  });

  test("may come as a 403 whose reason is a limit", async () => {
    const { clock, server, client } = setUp({ CancelOperation: [limited(), limited(), {}] });
    const read = readAll(client.cancelOperations(["a"]));
    await clock.advance(60_000);
    expect(counted(await read)).toEqual({ requested: 1 });
    expect(server.calls.map((call) => call.atMs)).toEqual([0, 1000, 3000]);
  });

  test("is given up for a name after the attempts that the options allow", async () => {
    const { clock, server, client } = setUp({ CancelOperation: exhausted() });
    const read = readAll(client.cancelOperations(["a"], { maxAttempts: 3 }));
    await clock.advance(60_000);
    expect(await read).toMatchObject([{ state: "error", error: { reason: "rate-limited" } }]);
    expect(server.calls).toHaveLength(3);
  });

  test("comes to an end against a server with a fixed rate", async () => {
    const seen = new Map<number, number>();
    const { clock, server, client } = setUp({
      CancelOperation: ({ atMs }: SeenCall) => {
        const second = Math.floor(atMs / 1000);
        const count = (seen.get(second) ?? 0) + 1;
        seen.set(second, count);
        if (count > 10) throw exhausted();
        return {};
      },
    });
    const read = readAll(client.cancelOperations(numbered(300), { concurrency: 64 }));
    await clock.advance(600_000);
    expect(counted(await read)).toEqual({ requested: 300 });
    expect(server.calls.length).toBeLessThan(700);
  });
});

test("a call that fails for the moment is retried by the client's own policy", async () => {
  const { clock, server, client } = setUp({ CancelOperation: [unavailable(), {}] }, { retry: {} });
  const read = readAll(client.cancelOperations(["a"]));
  await clock.advance(500);
  expect(counted(await read)).toEqual({ requested: 1 });
  expect(server.calls).toHaveLength(2);
});

describe("an abort", () => {
  const abortAfter = async (names: OperationNames, options: CancelOperationsOptions = {}) => {
    const caller = createCountingSignal();
    const { clock, server, client } = setUp({
      CancelOperation: async () => {
        await clock.sleep(10);
        return {};
      },
    });
    const all = { concurrency: 4, signal: caller.signal, ...options };
    const read = readAll(client.cancelOperations(names, all));
    await clock.advance(15);
    caller.abort("enough");
    await clock.advance(100_000);
    return { reports: await read, calls: server.calls, listeners: caller.listeners, pending: clock.pending };
  };

  test("ends it, and reports which names were requested, given up, and skipped", async () => {
    const { reports, calls, listeners, pending } = await abortAfter(numbered(20));
    expect(counted(reports)).toEqual({ requested: 4, error: 4, skipped: 12 });
    expect(reports.map(({ name }) => name)).toEqual(numbered(20));
    expect(reports.find((report) => report.state === "error")).toMatchObject({
      error: { reason: "aborted-by-caller", cause: "enough" },
    });
    expect(calls).toHaveLength(8);
    expect(listeners).toBe(0);
    expect(pending).toEqual([]);
  });

  test("closes a source whose end nobody knows, and reports what was read of it", async () => {
    let closed = false;
    async function* endless() {
      try {
        for (let index = 0; ; index++) yield `operations/${index}`;
      } finally {
        closed = true;
      }
    }
    const { reports } = await abortAfter(endless());
    expect(counted(reports)).toEqual({ requested: 4, error: 4 });
    expect(closed).toBe(true);
  });

  test("does not wait for a source that gives nothing", async () => {
    async function* stuck() {
      yield "operations/0";
      await never;
    }
    const { reports } = await abortAfter(stuck());
    expect(counted(reports)).toEqual({ requested: 1 });
  });

  test("before the first report sends nothing, and reports every name as not tried", async () => {
    const { server, client } = setUp({ CancelOperation: {} });
    const reports = await readAll(client.cancelOperations(numbered(7), { signal: AbortSignal.abort() }));
    expect(counted(reports)).toEqual({ skipped: 7 });
    expect(server.calls).toHaveLength(0);
  });

  test.each(["operations/0", "operations/2"])(
    "from within the source, at %s, loses no name",
    async (last) => {
      const caller = createCountingSignal();
      function* aborting() {
        for (const name of numbered(6)) {
          if (name === last) caller.abort();
          yield name;
        }
      }
      // It has a length, as an array has: its names are all known.
      const names = { length: 6, [Symbol.iterator]: aborting };
      const { server, client } = setUp({ CancelOperation: never });
      const reports = await readAll(client.cancelOperations(names, { signal: caller.signal }));
      expect(counted(reports)).toEqual({ skipped: 6 });
      expect(server.calls).toHaveLength(0);
    },
  );

  test("during a pause for quota reports the names that were rejected as such", async () => {
    const caller = createCountingSignal();
    const { clock, client } = setUp({ CancelOperation: exhausted() });
    const read = readAll(client.cancelOperations(numbered(3), { signal: caller.signal }));
    await clock.advance(500);
    caller.abort();
    await clock.advance(0);
    expect(await read).toMatchObject(Array(3).fill({ state: "error", error: { reason: "rate-limited" } }));
    expect(clock.pending).toEqual([]);
    expect(caller.listeners).toBe(0);
  });
});

test("leaving the loop gives up what is under way, closes the source, and leaves nothing behind", async () => {
  let closed = false;
  function* source() {
    try {
      yield* numbered(100);
    } finally {
      closed = true;
    }
  }
  const caller = createCountingSignal();
  const { clock, server, client } = setUp({
    CancelOperation: ({ name }: SeenCall) => (name === "operations/0" ? {} : never),
  });
  for await (const report of client.cancelOperations(source(), { signal: caller.signal, concurrency: 4 })) {
    expect(report.state).toBe("requested");
    break;
  }
  await clock.advance(0);
  expect(server.underWay).toBe(0);
  expect(closed).toBe(true);
  expect(caller.listeners).toBe(0);
});

test("a source that throws ends it, after the reports of what it gave", async () => {
  async function* broken() {
    yield* numbered(3);
    throw new Error("the database went away");
  }
  const { client } = setUp({ CancelOperation: {} });
  const seen: CancelReport[] = [];
  const read = async () => {
    for await (const report of client.cancelOperations(broken())) seen.push(report);
  };
  await expect(read()).rejects.toThrow("the database went away");
  expect(counted(seen)).toEqual({ requested: 3 });
});

test.each<[object, string]>([
  [{ concurency: 4 }, 'cancelOperations: unknown option "concurency"'],
  [
    { concurrency: 0 },
    "cancelOperations: concurrency: invalid value (got 0; expected a whole number from 1 to 10000)",
  ],
  [{ maxAttempts: 0.5 }, "cancelOperations: maxAttempts: invalid value (got 0.5"],
])("refuses %j at once", (options, message) => {
  const { client } = setUp({});
  expect(() => client.cancelOperations([], options)).toThrow(message);
});

describe("a server that asks for years", () => {
  const years = () => new ConnectError("slow down", Code.ResourceExhausted, { "retry-after": "315360000" });

  test("does not hold names beyond their own time", async () => {
    const { clock, client } = setUp({ CancelOperation: years() });
    const read = readAll(client.cancelOperations(["a", "b", "c"], { timeoutMs: 1000, concurrency: 2 }));
    await clock.advance(5000);
    expect(await read).toMatchObject(
      ["a", "b", "c"].map((name) => ({ name, state: "error", error: { code: expect.any(Number) } })),
    );
    expect(clock.pending).toEqual([]);
  });

  test("is waited for no longer than maxRetryDelayMs", async () => {
    const { clock, client } = setUp(
      { CancelOperation: [years(), {}] },
      { polling: { maxRetryDelayMs: 7000 } },
    );
    const read = readAll(client.cancelOperations(["a"]));
    await clock.advance(7000);
    expect(await read).toEqual([{ name: "a", state: "requested" }]);
  });

  test("does not stop a handle's polls, and its own cancel is followed by one at once", async () => {
    const slow = { ...running(), headers: { "retry-after": "315360000" } };
    const { clock, server, run } = setUp({ CancelOperation: {}, GetOperation: [slow, slow, succeeded()] });
    const wait = run.wait();
    await clock.advance(600_000);
    expect(server.times).toEqual(["GetOperation@0", "GetOperation@600000"]);
    await run.cancel();
    await clock.advance(0);
    expect(await wait).toMatchObject({ state: "succeeded" });
  });
});
