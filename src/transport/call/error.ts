// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { CallError, toCallError } from "../../errors/call-error.js";
import { isCallError } from "../../errors/is-call-error.js";
import { redactError } from "../../errors/redaction.js";
import { sentForms } from "../../errors/sent-secrets.js";
import { type NamedMethod, operationNameOf } from "./method.js";
import type { Progress, Protocol } from "./protocol.js";
import type { RequestSettings } from "./unary-request.js";

/** What is known of a call, for its error. */
export interface CallState<M extends NamedMethod> extends Progress {
  readonly method: M;
  /** The request, whose name the error shows; `undefined` until there is one. */
  message: unknown;
  /** The caller's own signal. */
  readonly signal: AbortSignal | undefined;
}

/**
 * The error of a call, whatever was thrown: with the method, the name, and whether it was the caller who gave up. To be
 * called where the transport's own async function catches it: the stack is taken there, since only there it leads back to
 * the program that called. What happened inside keeps its stack as `cause`.
 */
export function callErrorOf(error: unknown, call: CallState<NamedMethod>): CallError {
  const found = toError(error, call);
  // In V8 alone; elsewhere the stack is that of the event that ended the call.
  if (typeof Error.captureStackTrace === "function") Error.captureStackTrace(found, callErrorOf);
  return found;
}

/**
 * What one attempt failed with, when nobody has given up: complete, since an interceptor that retries decides by it.
 */
export function attemptError<M extends NamedMethod>(
  protocol: Protocol<M>,
  call: CallState<M>,
  error: unknown,
): CallError {
  return toCallError(protocol.fromError(error), contextOf(call));
}

function contextOf({ method, message, requestSent }: CallState<NamedMethod>) {
  return { method: method.selector, operationName: operationNameOf(method, message), requestSent };
}

function toError(error: unknown, call: CallState<NamedMethod>): CallError {
  const { signal } = call;
  const context = contextOf(call);
  if (signal?.aborted === true && isAbortOf(signal, error)) {
    return new CallError({
      ...context,
      code: Code.Canceled,
      reason: "aborted-by-caller",
      message: "the caller aborted the call",
      cause: signal.reason,
    });
  }
  return toCallError(error, context);
}

/**
 * Whether `error` is what a call ends with when `signal` aborts: the reason itself, or what Connect makes of it. A call
 * that had failed by itself, or whose deadline had passed, just before the abort keeps its own error.
 */
function isAbortOf(signal: AbortSignal, error: unknown): boolean {
  if (error === signal.reason) return true;
  if (isCallError(error) || !(error instanceof ConnectError)) return false;
  return error.cause === signal.reason || error.code === Code.Canceled;
}

/**
 * The error that a request ended with, without what it or an earlier one carried in secret: `redactError` for the headers
 * as they were sent. Here because every call passes here.
 */
export function withoutSentSecrets(
  error: unknown,
  { header, added }: Pick<RequestSettings, "header" | "added">,
): unknown {
  return redactError(error, sentForms([...(header ?? []), ...(added ?? [])]));
}
