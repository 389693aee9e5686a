// SPDX-License-Identifier: Apache-2.0
import { parseRetryAfter } from "../../src/retry/retry-delay.js";

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
