// SPDX-License-Identifier: Apache-2.0
import { systemClock } from "../../src/time/clock.js";
import { createCountingSignal } from "../client/counting-signal.js";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

test("starts at the wall clock and never goes backwards", () => {
  jest.useRealTimers();
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(5000);
  const times = Array.from({ length: 1000 }, () => systemClock.now());
  expect([...times].sort((a, b) => a - b)).toEqual(times);
});

test("sleeps for the time that it is told, and leaves nothing behind", async () => {
  const caller = createCountingSignal();
  let awake = false;
  systemClock.sleep(1000, caller.signal).then(() => {
    awake = true;
  });
  expect(caller.listeners).toBe(1);
  await jest.advanceTimersByTimeAsync(999);
  expect(awake).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(awake).toBe(true);
  expect([jest.getTimerCount(), caller.listeners]).toEqual([0, 0]);
});

test("sleeps longer than a single timer can", async () => {
  let awake = false;
  systemClock.sleep(2 ** 32).then(() => {
    awake = true;
  });
  await jest.advanceTimersByTimeAsync(2 ** 32 - 1);
  expect(awake).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(awake).toBe(true);
});

test("does not sleep for nothing or less", async () => {
  await systemClock.sleep(0);
  await systemClock.sleep(-5);
  expect(jest.getTimerCount()).toBe(0);
});

test("wakes with the signal's reason, timer and listener gone", async () => {
  const caller = createCountingSignal();
  const sleep = expect(systemClock.sleep(Number.POSITIVE_INFINITY, caller.signal)).rejects.toBe("up");
  expect(jest.getTimerCount()).toBe(1);
  caller.abort("up");
  expect([jest.getTimerCount(), caller.listeners]).toEqual([0, 0]);
  await sleep;
  await expect(systemClock.sleep(5, AbortSignal.abort("no"))).rejects.toBe("no");
});

test("a timer that is stopped leaves nothing behind, however long it was to be", async () => {
  const ended = jest.fn();
  for (const ms of [1000, 2 ** 32, Number.POSITIVE_INFINITY]) {
    const stop = systemClock.startTimer(ms, ended);
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(Math.min(ms - 1, 2 ** 31 + 5));
    expect(jest.getTimerCount()).toBe(1);
    stop();
    expect(jest.getTimerCount()).toBe(0);
  }
  expect(ended).not.toHaveBeenCalled();
});
