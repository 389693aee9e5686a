// SPDX-License-Identifier: Apache-2.0
import { startTimer, toTransportTimeoutMs } from "../../src/time/timer.js";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("calls once, after its time", () => {
  const onEnd = jest.fn();
  startTimer(1_000, onEnd);
  jest.advanceTimersByTime(999);
  expect(onEnd).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(onEnd).toHaveBeenCalledTimes(1);
});

test("does not call once it is stopped, and leaves no timer behind", () => {
  const onEnd = jest.fn();
  startTimer(1_000, onEnd)();
  expect(jest.getTimerCount()).toBe(0);
  jest.advanceTimersByTime(2_000);
  expect(onEnd).not.toHaveBeenCalled();
});

test.each([2 ** 31, Number.POSITIVE_INFINITY])(
  "never calls after %d ms, which no timer can wait for",
  (ms) => {
    const onEnd = jest.fn();
    startTimer(ms, onEnd)();
    startTimer(ms, onEnd);
    expect(jest.getTimerCount()).toBe(0);
  },
);

test.each([
  [1, 1],
  [0.2, 1], // rounded up, since 0 would mean no timeout
  [1000.5, 1001],
  [2 ** 31 - 1, 2 ** 31 - 1],
  [2 ** 31, 0], // setTimeout would fire at once
  [Number.POSITIVE_INFINITY, 0],
])("gives a transport %d ms as %d", (timeoutMs, want) => {
  expect(toTransportTimeoutMs(timeoutMs)).toBe(want);
});
