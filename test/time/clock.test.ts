// SPDX-License-Identifier: Apache-2.0

import { createFakeClock } from "../../src/testing.js";
import { type Clock, sleep, systemClock } from "../../src/time/clock.js";
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

test("sleeps for its time, and leaves nothing behind", async () => {
  const caller = createCountingSignal();
  let awake = false;
  sleep(systemClock, 1000, caller.signal).then(() => {
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
  sleep(systemClock, 2 ** 32).then(() => {
    awake = true;
  });
  await jest.advanceTimersByTimeAsync(2 ** 32 - 1);
  expect(awake).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(awake).toBe(true);
});

test("does not sleep for nothing or less", async () => {
  await sleep(systemClock, 0);
  await sleep(systemClock, -5);
  expect(jest.getTimerCount()).toBe(0);
});

test("wakes with the signal's reason, timer and listener gone", async () => {
  const caller = createCountingSignal();
  const rejected = expect(sleep(systemClock, Number.POSITIVE_INFINITY, caller.signal)).rejects.toBe("up");
  expect(jest.getTimerCount()).toBe(1);
  caller.abort("up");
  expect([jest.getTimerCount(), caller.listeners]).toEqual([0, 0]);
  await rejected;
  await expect(sleep(systemClock, 5, AbortSignal.abort("no"))).rejects.toBe("no");
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

/** Each clock, and how a test moves it. */
const CLOCKS: readonly (readonly [string, () => { clock: Clock; advance(ms: number): Promise<void> }])[] = [
  ["of the machine", () => ({ clock: systemClock, advance: (ms) => jest.advanceTimersByTimeAsync(ms) })],
  [
    "for tests",
    () => {
      const clock = createFakeClock();
      return { clock, advance: clock.advance };
    },
  ],
];

describe.each(CLOCKS)("the clock %s", (_title, create) => {
  test("ends a timer at its time, once", async () => {
    const { clock, advance } = create();
    const onEnd = jest.fn();
    clock.startTimer(100, onEnd);
    await advance(99);
    expect(onEnd).not.toHaveBeenCalled();
    await advance(1_000);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  test.each([100, 0, -1])("does not end a timer of %d ms that was stopped", async (ms) => {
    const { clock, advance } = create();
    const onEnd = jest.fn();
    clock.startTimer(ms, onEnd)();
    await advance(1_000);
    expect(onEnd).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });

  test.each([0, -1])("ends a timer of %d ms soon, but not within the call", async (ms) => {
    const { clock, advance } = create();
    const onEnd = jest.fn();
    clock.startTimer(ms, onEnd);
    expect(onEnd).not.toHaveBeenCalled();
    await advance(0);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });
});
