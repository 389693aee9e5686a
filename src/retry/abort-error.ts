// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { CallError, toCallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";

/** The call that was given up. */
export interface AbortedCall {
  readonly method: DescMethod;
  readonly operationName: string | undefined;
  /** Attempts begun. */
  readonly attempts: number;
  /** Whether anything was sent. @default whether there were attempts */
  readonly requestSent?: boolean | undefined;
}

/**
 * The error of a call whose signal has aborted. A reason that is a `ConnectError` speaks for itself: a transport's own
 * deadline aborts with one. Anything else is the caller's decision, and the `cause`.
 */
export function abortError(signal: AbortSignal, call: AbortedCall): CallError {
  const { operationName, attempts, requestSent = attempts > 0 } = call;
  const method = selectorOf(call.method);
  const reason: unknown = signal.reason;
  if (reason instanceof ConnectError) return toCallError(reason, { method, operationName, attempts });
  return new CallError({
    code: Code.Canceled,
    reason: "aborted-by-caller",
    message: requestSent ? "given up by the caller" : "given up by the caller before anything was sent",
    method,
    operationName,
    attempts,
    requestSent,
    cause: reason,
  });
}
