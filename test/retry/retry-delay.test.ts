// SPDX-License-Identifier: Apache-2.0
import { parseRetryAfter, retryDelayOfHeaders } from "../../src/retry/retry-delay.js";
import { systemClock } from "../../src/time/clock.js";

const nowMs = Date.UTC(1994, 10, 6, 8, 49, 30);

test.each([
  ["0", 0],
  ["7", 7000],
  [" 120 ", 120_000],
  ["007", 7000],
  ["Sun, 06 Nov 1994 08:49:37 GMT", 7000],
  ["Sunday, 06-Nov-94 08:49:37 GMT", 7000], // RFC 850
  ["Sun Nov  6 08:49:37 1994 GMT", 7000], // asctime
  ["Sun, 06 Nov 1994 08:49:00 GMT", 0], // already past
  ["", undefined],
  ["-5", undefined],
  ["1.5", undefined], // whole seconds only
  ["1e3", undefined],
  ["soon", undefined],
  ["2026-01-01", undefined], // not a date of HTTP
  ["Sun, 99 Nov 1994 08:49:37 GMT", undefined],
])("reads %j", (value, want) => {
  expect(parseRetryAfter(value, nowMs)).toBe(want);
});

const HOUR = 3_600_000;
const httpDate = (ms: number) => new Date(ms).toUTCString();

describe("a date in Retry-After, after this machine has slept for an hour", () => {
  // What counts in `now` stands still meanwhile; the date that people read does not.
  const clock = { ...systemClock, now: () => nowMs, wallTime: () => nowMs + HOUR };
  const delay = (headers: Record<string, string>) =>
    retryDelayOfHeaders(new Headers(headers), { clock, maxMs: 2 * HOUR });

  test("is waited for from the time of day", () => {
    expect(delay({ "retry-after": httpDate(nowMs + HOUR + 7_000) })).toBe(7_000);
    expect(delay({ "retry-after": httpDate(nowMs + 7_000) })).toBe(0);
  });

  test("counts from the response's own date, whatever the time of day is here", () => {
    const date = httpDate(nowMs + 10 * HOUR);
    expect(delay({ date, "retry-after": httpDate(nowMs + 10 * HOUR + 7_000) })).toBe(7_000);
    expect(delay({ date: "yesterday", "retry-after": httpDate(nowMs + HOUR + 7_000) })).toBe(7_000);
  });

  test("is never longer than the ceiling", () => {
    expect(delay({ "retry-after": httpDate(nowMs + 99_999 * HOUR) })).toBe(2 * HOUR);
    expect(delay({ "retry-after": "9".repeat(400) })).toBe(2 * HOUR);
  });
});
