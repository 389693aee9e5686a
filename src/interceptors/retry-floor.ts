// SPDX-License-Identifier: Apache-2.0
import type { CallError } from "../codec/call-error.js";
import { parseRetryAfter } from "../policy/retry-after.js";

/**
 * How long a server asks to be left alone, in milliseconds from `nowMs`: the longer of what a `Retry-After` header and
 * a `google.rpc.RetryInfo` say; 0 when neither is there.
 */
export function retryFloorMs(headers: Headers, retryDelayMs: number | undefined, nowMs: number): number {
  const header = headers.get("retry-after");
  const headerMs = header === null ? undefined : parseRetryAfter(header, nowMs);
  return Math.max(headerMs ?? 0, retryDelayMs ?? 0);
}

/** {@link retryFloorMs} of a failed call. */
export function retryFloorOf(error: CallError, nowMs: number): number {
  return retryFloorMs(error.metadata, error.retryDelayMs, nowMs);
}
