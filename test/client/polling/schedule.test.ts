// SPDX-License-Identifier: Apache-2.0
import {
  afterAnswer,
  afterMiss,
  begunAgain,
  type Cadence,
  FRESH_CADENCE,
  hurried,
  untilDueMs,
} from "../../../src/client/polling/schedule.js";

const backoff = { initialMs: 100, multiplier: 2, maxMs: 400, jitter: 0 };
const nowMs = 10_000;
const timing = { fromMs: nowMs, floorMs: nowMs, backoff, random: () => 0 };

const answered = (cadence: Cadence, times = 1): Cadence =>
  times === 0 ? cadence : answered(afterAnswer(cadence, timing), times - 1);
const left = (cadence: Cadence) => untilDueMs(cadence, nowMs);

test("is due at once, then after pauses that grow", () => {
  expect(left(FRESH_CADENCE)).toBeLessThanOrEqual(0);
  expect([1, 2, 3, 4].map((times) => left(answered(FRESH_CADENCE, times)))).toEqual([100, 200, 400, 400]);
});

test("does not grow with misses, before the first answer or after it", () => {
  const missed = afterMiss(afterMiss(FRESH_CADENCE, timing), timing);
  expect(left(missed)).toBe(100);
  expect(left(answered(missed))).toBe(100);
  const later = afterMiss(afterMiss(answered(missed, 2), timing), timing);
  expect(left(later)).toBe(200);
  expect(left(answered(later))).toBe(400);
});

test("counts a pause from where it is told to", () => {
  expect(left(afterAnswer(FRESH_CADENCE, { ...timing, fromMs: nowMs - 60 }))).toBe(40);
});

test("is put off by a server, and not called forward by anything until then", () => {
  const asked = afterAnswer(FRESH_CADENCE, { ...timing, floorMs: nowMs + 5000 });
  for (const cadence of [
    asked,
    hurried(asked),
    begunAgain(asked, nowMs, backoff),
    afterMiss(asked, timing),
    answered(asked),
  ]) {
    expect(left(cadence)).toBe(5000);
  }
});

test("hurries to a look at once, and to small pauses after it", () => {
  const cadence = hurried(answered(FRESH_CADENCE, 3));
  expect(left(cadence)).toBeLessThanOrEqual(0);
  expect(left(answered(cadence))).toBe(100);
});

test("holds an old pause when it begins again, but none longer than a first one", () => {
  const again = begunAgain(answered(FRESH_CADENCE, 3), nowMs, backoff);
  expect(left(again)).toBe(100);
  expect(left(answered(again))).toBe(200);
  const late = begunAgain(answered(FRESH_CADENCE, 3), nowMs + 9000, backoff);
  expect(untilDueMs(late, nowMs + 9000)).toBeLessThanOrEqual(0);
  expect(left(answered(late))).toBe(100);
});
