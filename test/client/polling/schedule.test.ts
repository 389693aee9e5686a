// SPDX-License-Identifier: Apache-2.0
import {
  afterError,
  afterSuccess,
  IMMEDIATE,
  nextPollMs,
  type PollSchedule,
  resumed,
} from "../../../src/client/polling/schedule.js";

const backoff = { initialMs: 100, multiplier: 2, maxMs: 400, jitter: 0 };
const nowMs = 10_000;
const timing = { fromMs: nowMs, earliestMs: nowMs, backoff, random: () => 0 };

const succeeded = (schedule: PollSchedule, times = 1): PollSchedule =>
  times === 0 ? schedule : succeeded(afterSuccess(schedule, timing), times - 1);
const left = (schedule: PollSchedule) => nextPollMs(schedule) - nowMs;

test("is due at once, then after pauses that grow", () => {
  expect(left(IMMEDIATE)).toBeLessThanOrEqual(0);
  expect([1, 2, 3, 4].map((times) => left(succeeded(IMMEDIATE, times)))).toEqual([100, 200, 400, 400]);
});

const lost = { reason: "unavailable" } as const;
const limited = { reason: "rate-limited" } as const;

test("does not grow with errors, before the first success or after it", () => {
  const failed = afterError(afterError(IMMEDIATE, lost, timing), lost, timing);
  expect(left(failed)).toBe(100);
  expect(left(succeeded(failed))).toBe(100);
  const later = afterError(afterError(succeeded(failed, 2), lost, timing), lost, timing);
  expect(left(later)).toBe(200);
  expect(left(succeeded(later))).toBe(400);
});

test("grows where the server limits calls, up to the longest pause", () => {
  const once = afterError(IMMEDIATE, limited, timing);
  const twice = afterError(once, limited, timing);
  expect(
    [once, twice, afterError(twice, lost, timing), afterError(twice, limited, timing)].map(left),
  ).toEqual([100, 200, 200, 400]);
});

test("counts a pause from the moment that is given", () => {
  expect(left(afterSuccess(IMMEDIATE, { ...timing, fromMs: nowMs - 60 }))).toBe(40);
});

test("is put off by a server, and stays so when polling begins again", () => {
  const asked = afterSuccess(IMMEDIATE, { ...timing, earliestMs: nowMs + 5000 });
  for (const schedule of [
    asked,
    resumed(asked, nowMs, backoff),
    afterError(asked, lost, timing),
    succeeded(asked),
  ]) {
    expect(left(schedule)).toBe(5000);
  }
});

test("holds an old pause when it begins again, but none longer than a first one", () => {
  const again = resumed(succeeded(IMMEDIATE, 3), nowMs, backoff);
  expect(left(again)).toBe(100);
  expect(left(succeeded(again))).toBe(200);
  const late = resumed(succeeded(IMMEDIATE, 3), nowMs + 9000, backoff);
  expect(nextPollMs(late)).toBeLessThanOrEqual(nowMs + 9000);
  expect(left(succeeded(late))).toBe(100);
});
