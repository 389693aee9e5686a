// SPDX-License-Identifier: Apache-2.0
import type { CallError } from "../errors/call-error.js";
import { parseRetryAfter } from "./retry-after.js";

/** What a gRPC server says in its trailers about trying again: milliseconds, or anything else for "do not" (gRFC A6). */
const PUSHBACK = "grpc-retry-pushback-ms";

/**
 * How long a server asks to be left alone, in milliseconds from `nowMs`: the longest of what a `Retry-After` header, gRPC's
 * pushback and a `google.rpc.RetryInfo` say; 0 when none is there.
 */
export function retryFloorMs(headers: Headers, retryDelayMs: number | undefined, nowMs: number): number {
  const header = headers.get("retry-after");
  const headerMs = header === null ? undefined : parseRetryAfter(header, nowMs);
  return Math.max(headerMs ?? 0, pushbackMs(headers) ?? 0, retryDelayMs ?? 0);
}

/** {@link retryFloorMs} of a failed call. */
export function retryFloorOf(error: CallError, nowMs: number): number {
  return retryFloorMs(error.metadata, error.retryDelayMs, nowMs);
}

/** Whether a gRPC server forbids to try a failed call again. */
export function forbidsRetry(error: CallError): boolean {
  return error.metadata.has(PUSHBACK) && pushbackMs(error.metadata) === undefined;
}

function pushbackMs(headers: Headers): number | undefined {
  const value = headers.get(PUSHBACK);
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
}
