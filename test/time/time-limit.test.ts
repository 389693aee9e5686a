// SPDX-License-Identifier: Apache-2.0

import { createFakeClock } from "../../src/testing/fake-clock.js";
import { withTimeLimit } from "../../src/time/time-limit.js";
import { createCountingSignal } from "../client/counting-signal.js";

const untilStopped = (signal: AbortSignal | undefined) =>
  new Promise<never>((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

function setUp(timeoutMs: number) {
  const clock = createFakeClock();
  const caller = createCountingSignal();
  return {
    clock,
    caller,
    limit: { clock, timeoutMs, signal: caller.signal, timeoutError: () => new Error("late") },
  };
}

test("ends a task with the error for it when its time is up", async () => {
  const { clock, caller, limit } = setUp(100);
  const task = expect(withTimeLimit(limit, untilStopped)).rejects.toThrow("late");
  await clock.advance(100);
  await task;
  expect([clock.pending.length, caller.listeners]).toEqual([0, 0]);
});

test("ends a task with the caller's reason when that aborts", async () => {
  const { clock, caller, limit } = setUp(100);
  const task = expect(withTimeLimit(limit, untilStopped)).rejects.toBe("enough");
  caller.abort("enough");
  await task;
  await clock.advance(0);
  expect([clock.pending.length, caller.listeners]).toEqual([0, 0]);
});

test("gives the task an aborted signal when the caller's is", async () => {
  const { limit } = setUp(100);
  const task = withTimeLimit(
    { ...limit, signal: AbortSignal.abort("no") },
    async (signal) => signal?.aborted,
  );
  expect(await task).toBe(true);
});

test("leaves neither timer nor listener after a task that ends by itself", async () => {
  const { clock, caller, limit } = setUp(100);
  expect(await withTimeLimit(limit, async () => 5)).toBe(5);
  await expect(withTimeLimit(limit, () => Promise.reject(new Error("own")))).rejects.toThrow("own");
  await clock.advance(0);
  expect([clock.pending.length, caller.listeners]).toEqual([0, 0]);
});

test("without a bound, passes the caller's signal on and sets no timer", async () => {
  const { clock, caller, limit } = setUp(Number.POSITIVE_INFINITY);
  expect(await withTimeLimit(limit, async (signal) => signal)).toBe(caller.signal);
  expect(clock.sleeps).toEqual([]);
});
