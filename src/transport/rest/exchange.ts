// SPDX-License-Identifier: Apache-2.0
import type { Message } from "@bufbuild/protobuf";
import { Code, type ContextValues } from "@connectrpc/connect";
import { CallError, toCallError } from "../../errors/call-error.js";
import type { Abort } from "../abort.js";
import { callFailureOf } from "../call-failure.js";
import { HttpFailure, type HttpFailureKind } from "../http/http-client.js";
import type { RestMethod } from "./method.js";
import type { ResolvedRestOptions } from "./options.js";
import { toRestRequest } from "./request.js";
import { type Answer, isSuccess, readError } from "./response.js";

/** Above this `setTimeout` fires at once: 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One call, and what is known of it should it fail. */
export interface RestCallState {
  readonly method: RestMethod;
  readonly timeoutMs: number | undefined;
  /** The caller's own signal; the one to end requests by also has the deadline in it. */
  readonly signal: AbortSignal | undefined;
  operationName: string | undefined;
  /** Whether a request was handed to the engine. */
  requestSent: boolean;
}

/** One try of a call: a request as the interceptors left it. */
export interface RestAttempt {
  readonly state: RestCallState;
  readonly message: Message;
  /** Completed in place. */
  readonly headers: Headers;
  readonly contextValues: ContextValues | undefined;
  readonly abort: Abort;
}

/**
 * Transcodes a request as the interceptors left it, sends it, and hands the successful answer to `read`.
 *
 * @throws CallError for every failure but an abort, whose reason is passed on
 */
export async function exchange<T>(
  options: ResolvedRestOptions,
  { state, message, headers, contextValues, abort }: RestAttempt,
  read: (answer: Answer) => T | Promise<T>,
): Promise<T> {
  const { method, timeoutMs } = state;
  if (abort.aborted) throw abort.reason;
  try {
    const json = method.jsonFor(contextValues);
    const call = toRestRequest(options, { method, message, json, headers, timeoutMs });
    state.requestSent = true;
    const response = await options.httpClient.send(call.request, abort);
    const answer: Answer = { call, response, json, maxBytes: options.maxResponseBytes };
    if (!isSuccess(response)) throw await readError(answer);
    return await read(answer);
  } catch (error) {
    throw abort.aborted ? error : attemptFailure(error, state);
  }
}

/** The state of a call that begins. A timeout of 0 or less, or one that no timer can wait for, is none. */
export function beginCall(
  method: RestMethod,
  { signal, timeoutMs }: { signal: AbortSignal | undefined; timeoutMs: number | undefined },
): RestCallState {
  const limited = timeoutMs !== undefined && timeoutMs > 0 && timeoutMs <= LONGEST_TIMER_MS;
  return {
    method,
    signal,
    timeoutMs: limited ? timeoutMs : undefined,
    operationName: undefined,
    requestSent: false,
  };
}

/** What one attempt failed with: complete, since an interceptor that retries decides by it. */
export function attemptFailure(
  error: unknown,
  { method, operationName, requestSent }: RestCallState,
): CallError {
  const { selector } = method.named;
  return toCallError(fromHttpFailure(error), { method: selector, operationName, requestSent });
}

/** What a call failed with, whatever was thrown: an abort is told from a deadline here. */
export function failureOf(
  error: unknown,
  { method, operationName, requestSent, signal }: RestCallState,
): CallError {
  return callFailureOf(error, { method: method.named, operationName, requestSent, signal });
}

const CODES: Readonly<Record<HttpFailureKind, Code>> = {
  connection: Code.Unavailable,
  answer: Code.Internal,
  request: Code.InvalidArgument,
  proxy: Code.FailedPrecondition,
  closed: Code.FailedPrecondition,
};

function fromHttpFailure(error: unknown): unknown {
  if (!(error instanceof HttpFailure)) return error;
  const { kind, message, requestSent } = error;
  const text = kind === "connection" ? `the connection failed: ${message}` : message;
  return new CallError({ code: CODES[kind], message: text, cause: error, requestSent });
}
