// SPDX-License-Identifier: Apache-2.0

/** `IMF-fixdate` of RFC 9110, the one form that is still sent; the two obsolete ones parse as well. */
const DATE = /^(Mon|Tues?|Wed(nes)?|Thu(rs)?|Fri|Sat(ur)?|Sun)(day)?,? /;

/**
 * Parses the value of a `Retry-After` header (RFC 9110, 10.2.3): whole seconds, or a date.
 *
 * @returns how long to wait from `nowMs`, in milliseconds, never below 0; `undefined` when the value is neither, since
 * a header that cannot be read must not stop a retry.
 */
export function parseRetryAfter(value: string, nowMs: number): number | undefined {
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const dateMs = parseHttpDate(text);
  return dateMs === undefined ? undefined : Math.max(0, dateMs - nowMs);
}

/** Parses an HTTP-date (RFC 9110, 5.6.7) to milliseconds since the epoch; `undefined` for anything else. */
export function parseHttpDate(text: string): number | undefined {
  const dateMs = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : dateMs;
}
