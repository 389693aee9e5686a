// SPDX-License-Identifier: Apache-2.0
import type { DescMethod, Registry } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { CallError, toCallError } from "../errors/call-error.js";
import { connectionAdvice, connectionProblemOf } from "../errors/connection.js";
import { isCallError } from "../errors/is-call-error.js";
import { isOneOf } from "../errors/rate-limit.js";
import { selectorOf } from "../names/method-name.js";
import type { AttemptListener, RetryPause } from "../observer/observed-call.js";
import { untilAborted } from "../time/abort.js";
import { type Clock, sleep } from "../time/clock.js";
import { backoffMs, type Random } from "./backoff.js";
import type { RetryPolicy } from "./method-policy.js";
import { forbidsRetry, retryDelayOf } from "./retry-delay.js";

/** How one call is attempted. */
export interface AttemptsOptions {
  /** Undefined sends the call once. */
  readonly policy: RetryPolicy | undefined;
  /** The time for all attempts and the pauses between them, in milliseconds; `Infinity` for no bound. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** The method that is called, for errors. */
  readonly method: DescMethod;
  /** The operation that the call is about, for errors. */
  readonly operationName: string | undefined;
  /** Types of the details of errors. */
  readonly registry?: Registry | undefined;
  /** Undefined while nobody observes the call. */
  readonly listener?: AttemptListener | undefined;
}

/**
 * Makes attempts until one succeeds, fails for good, or the time is up. One deadline holds for all of them: `send` is
 * given what is left of it, and a pause that would not leave time for another attempt is not begun; the last error
 * is then thrown as it is.
 *
 * @throws CallError, with the number of attempts made, those made below (by an interceptor) included. The caller's abort
 * is one with `Canceled` and the reason `aborted-by-caller`; it is thrown in the turn of the abort and never tried again.
 */
export async function withAttempts<T>(
  send: (timeoutMs: number) => Promise<T>,
  options: AttemptsOptions,
): Promise<T> {
  const { signal, clock, listener } = options;
  if (signal?.aborted) throw abortError(signal, { ...options, attempts: 0 });
  const deadlineMs =
    options.timeoutMs === Number.POSITIVE_INFINITY ? options.timeoutMs : clock.now() + options.timeoutMs;
  let leftMs = options.timeoutMs;
  if (!(leftMs > 0)) throw deadlineError(options);
  let attemptsBelow = 0;
  for (let attempt = 1; ; attempt++) {
    let failed: CallError;
    listener?.onStart(attempt);
    try {
      const sent = send(leftMs);
      const response = await (signal === undefined ? sent : untilAborted(sent, signal));
      listener?.onEnd(attempt, undefined, undefined);
      return response;
    } catch (error) {
      if (signal?.aborted) {
        const aborted = abortError(signal, { ...options, attempts: attempt });
        listener?.onEnd(attempt, aborted, undefined);
        throw aborted;
      }
      attemptsBelow += isCallError(error) ? Math.max(0, error.attempts - 1) : 0;
      failed = toCallError(error, {
        method: selectorOf(options.method),
        operationName: options.operationName,
        attempts: attempt + attemptsBelow,
        startsOperation: startsOperation(options.method),
        registry: options.registry,
      });
    }
    const retry = retryOf(failed, attempt, options);
    leftMs = deadlineMs - clock.now() - (retry?.retryInMs ?? 0);
    const isLast = retry === undefined || leftMs <= 0;
    listener?.onEnd(attempt, failed, isLast ? undefined : retry);
    if (isLast) throw failed;
    await pauseCall(retry.retryInMs, { ...options, attempts: attempt });
  }
}

/** The pause before the next attempt; undefined for an error after which there is none. */
function retryOf(failed: CallError, attempt: number, options: AttemptsOptions): RetryPause | undefined {
  const { policy, clock, random } = options;
  if (policy === undefined || attempt >= policy.maxAttempts || !isRetryable(failed, policy)) return undefined;
  const delayMs = retryDelayOf(failed, { clock, maxMs: policy.maxRetryDelayMs });
  const ownMs = backoffMs(policy, attempt - 1, random);
  return { retryInMs: Math.max(ownMs, delayMs), pausedBy: delayMs > ownMs ? "server" : "backoff" };
}

function isRetryable(error: CallError, policy: RetryPolicy): boolean {
  if (!isOneOf(error, policy.codes) || forbidsRetry(error)) return false;
  // A certificate or a protocol that cannot work is no better a second later.
  return connectionAdvice(connectionProblemOf(error)) === undefined;
}

/** Whether a method starts an operation and returns it. */
function startsOperation({ parent, output }: DescMethod): boolean {
  return (
    output.typeName === "google.longrunning.Operation" && parent.typeName !== "google.longrunning.Operations"
  );
}

/** The error of a call whose time was up before it began: a `timeoutMs` of 0 or less. */
function deadlineError({ method, operationName, timeoutMs }: AttemptsOptions): CallError {
  return new CallError({
    code: Code.DeadlineExceeded,
    message: `nothing was sent: timeoutMs is ${timeoutMs}`,
    method: selectorOf(method),
    operationName,
    requestSent: false,
  });
}

/** The call that was aborted. */
export interface AbortedCall {
  readonly method: DescMethod;
  readonly operationName: string | undefined;
  /** Attempts begun. */
  readonly attempts: number;
  /** Whether anything was sent. @default whether there were attempts */
  readonly requestSent?: boolean | undefined;
  /** What to do, where it is known better than by the reason. @default that of the reason */
  readonly advice?: string | undefined;
}

/** A call between two of its requests. */
export interface PausedCall extends AbortedCall {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** Waits before the next request of a call. @throws CallError as of {@link abortError}, in the turn of an abort */
export async function pauseCall(ms: number, call: PausedCall): Promise<void> {
  const { clock, signal } = call;
  try {
    await sleep(clock, ms, signal);
  } catch (error) {
    throw signal?.aborted ? abortError(signal, call) : error;
  }
}

/**
 * The error of a call whose signal has aborted. A reason that is a `ConnectError` is kept: a transport's own deadline
 * aborts with one. Any other reason is the caller's, and becomes the `cause`.
 */
export function abortError(signal: AbortSignal, call: AbortedCall): CallError {
  const { operationName, attempts, requestSent = attempts > 0, advice } = call;
  const method = selectorOf(call.method);
  const reason: unknown = signal.reason;
  if (reason instanceof ConnectError) return toCallError(reason, { method, operationName, attempts });
  return new CallError({
    code: Code.Canceled,
    reason: "aborted-by-caller",
    message: requestSent ? "aborted by the caller" : "aborted by the caller before anything was sent",
    method,
    operationName,
    attempts,
    requestSent,
    advice,
    cause: reason,
  });
}
