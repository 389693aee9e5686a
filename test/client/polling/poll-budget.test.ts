// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { createPollBudget } from "../../../src/client/polling/poll-budget.js";
import { createFakeClock } from "../../../src/testing.js";
import { propertyRuns } from "../../property-runs.js";
import { createCountingSignal } from "../counting-signal.js";
import { running, type SeenCall, setUp } from "../scripted-server.js";

const GREEDY = { initialMs: 10, maxMs: 10 };

test("all handles of a client share it, and none takes more than its turn", async () => {
  const { server, clock, client } = setUp(
    { GetOperation: ({ name }: SeenCall) => running(0, name) },
    { polling: { maxRequestsPerMinute: 60 } },
  );
  const controller = new AbortController();
  const { signal } = controller;
  const waits = ["a", "b", "c", "d"].map((name) =>
    client
      .operation(name, { polling: name === "a" ? GREEDY : { initialMs: 500, maxMs: 500 } })
      .wait({ signal }),
  );
  const settled = Promise.allSettled(waits);
  await clock.advance(120_000);
  controller.abort();
  await settled;
  const counts = ["a", "b", "c", "d"].map((name) => server.calls.filter((call) => call.name === name).length);
  expect(server.calls.length).toBeGreaterThan(115);
  for (const count of counts) expect(Math.abs(count - server.calls.length / 4)).toBeLessThanOrEqual(1);
  for (const { atMs } of server.calls) {
    const inMinute = server.calls.filter((call) => call.atMs >= atMs && call.atMs < atMs + 60_000);
    expect(inMinute.length).toBeLessThanOrEqual(60);
  }
  expect(clock.pending).toEqual([]);
});

test("a page of a List takes a turn like a Get", async () => {
  const { server, clock, client } = setUp(
    { ListOperations: { operations: [], nextPageToken: "" }, GetOperation: running() },
    { polling: { maxRequestsPerMinute: 6, ...GREEDY } },
  );
  const controller = new AbortController();
  const watch = client.watchOperations({ name: "p", signal: controller.signal });
  const next = expect(watch.next()).rejects.toMatchObject({ reason: "aborted-by-caller" });
  const wait = expect(client.operation("p/a").wait({ signal: controller.signal })).rejects.toThrow();
  await clock.advance(60_000);
  controller.abort();
  await Promise.all([next, wait]);
  expect(server.calls.length).toBeLessThanOrEqual(7);
  expect(new Set(server.calls.map(({ method }) => method)).size).toBe(2);
});

test("is the client's: a handle cannot change it", () => {
  const { client } = setUp({}, { polling: { maxRequestsPerMinute: 60 } });
  expect(() => client.operation("a", { polling: { maxRequestsPerMinute: 120 } })).toThrow(
    "operation: polling.maxRequestsPerMinute: set for one handle (expected in the options of the client",
  );
  expect(() => setUp({}, { polling: { maxRequestsPerMinute: 0 } })).toThrow(
    "maxRequestsPerMinute: invalid value (got 0",
  );
});

test("turns come in order, at most so many a minute, and what is given up keeps none", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 600 }),
      fc.array(fc.record({ afterMs: fc.nat(3_000), isGivenUp: fc.boolean() }), { maxLength: 30 }),
      async (max, requests) => {
        const clock = createFakeClock();
        const budget = createPollBudget(max, clock);
        const turns: { at: number; atMs: number }[] = [];
        const signals = requests.map(() => createCountingSignal());
        for (const [at, { afterMs, isGivenUp }] of requests.entries()) {
          const signal = signals[at] ?? createCountingSignal();
          budget?.enter(signal.signal).then(
            () => turns.push({ at, atMs: clock.now() }),
            () => undefined,
          );
          if (isGivenUp) signal.abort("no");
          await clock.advance(afterMs);
        }
        await clock.advance(60_000 * 31);
        const order = turns.map(({ at }) => at);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        const patient = requests.flatMap(({ isGivenUp }, at) => (isGivenUp ? [] : [at]));
        expect(patient.filter((at) => !order.includes(at))).toEqual([]);
        for (const [index, { atMs }] of turns.entries()) {
          const earlier = turns[index - 1]?.atMs ?? Number.NEGATIVE_INFINITY;
          expect(atMs - earlier).toBeGreaterThanOrEqual(60_000 / max - 0.01);
        }
        expect([clock.pending, signals.map(({ listeners }) => listeners)]).toEqual([
          [],
          signals.map(() => 0),
        ]);
      },
    ),
    { numRuns: propertyRuns(1_000) },
  );
});
