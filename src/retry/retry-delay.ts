// SPDX-License-Identifier: Apache-2.0
import type { CallError } from "../errors/call-error.js";
import type { Clock } from "../time/clock.js";

/** The trailer in which a gRPC server asks for a delay: milliseconds, or anything else for "do not retry" (gRFC A6). */
const PUSHBACK = "grpc-retry-pushback-ms";

/** How a delay that a server asks for is read. */
export interface RetryDelayOptions {
  readonly clock: Clock;
  /** The longest delay, in milliseconds: a server must not stop a client for years. */
  readonly maxMs: number;
}

/**
 * The delay that a server asks for, in milliseconds from now: the longest of a `Retry-After` header (RFC 9110, 10.2.3),
 * gRPC's pushback and a `google.rpc.RetryInfo`, up to `maxMs`; 0 without any.
 */
export function retryDelayOf(error: CallError, options: RetryDelayOptions): number {
  return Math.min(
    Math.max(error.retryDelayMs ?? 0, headersDelayMs(error.metadata, options.clock)),
    options.maxMs,
  );
}

/** {@link retryDelayOf} of a call that succeeded. */
export function retryDelayOfHeaders(headers: Headers, { clock, maxMs }: RetryDelayOptions): number {
  return Math.min(headersDelayMs(headers, clock), maxMs);
}

/** Whether a gRPC server forbids to retry a failed call. */
export function forbidsRetry(error: CallError): boolean {
  return error.metadata.has(PUSHBACK) && pushbackMs(error.metadata) === undefined;
}

function headersDelayMs(headers: Headers, clock: Clock): number {
  return Math.max(retryAfterMs(headers, clock) ?? 0, pushbackMs(headers) ?? 0);
}

/** A date counts from the response's own `Date`: neither a clock that differs nor a suspended machine changes the delay. */
function retryAfterMs(headers: Headers, clock: Clock): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  return parseRetryAfter(
    value,
    parseHttpDate(headers.get("date") ?? "") ?? clock.wallTime?.() ?? clock.now(),
  );
}

function pushbackMs(headers: Headers): number | undefined {
  const value = headers.get(PUSHBACK);
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
}

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
function parseHttpDate(text: string): number | undefined {
  const dateMs = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : dateMs;
}
