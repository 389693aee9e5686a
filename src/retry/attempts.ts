// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { CallError, toCallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";
import { untilAborted } from "../time/abortable.js";
import type { Clock } from "../time/clock.js";
import { abortError } from "./abort-error.js";
import { backoffMs, type Random } from "./backoff.js";
import type { RetryPolicy } from "./method-policy.js";
import { forbidsRetry, retryFloorOf } from "./retry-delay.js";

/** What surrounds the attempts of one call. */
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
}

/**
 * Makes attempts until one succeeds, fails for good, or the time is up. One deadline holds for all of them: `send` is
 * told what is left of it, and a pause that would not leave time for another attempt is not begun; the last failure
 * is then thrown as it is.
 *
 * @throws CallError, with the number of attempts made. The caller's abort is one with `Canceled` and the reason
 * `aborted-by-caller`; it is thrown in the turn of the abort and never tried again.
 */
export async function withAttempts<T>(
  send: (timeoutMs: number) => Promise<T>,
  options: AttemptsOptions,
): Promise<T> {
  const { policy, signal, clock } = options;
  if (signal?.aborted) throw abortError(signal, { ...options, attempts: 0 });
  const deadlineMs =
    options.timeoutMs === Number.POSITIVE_INFINITY ? options.timeoutMs : clock.now() + options.timeoutMs;
  let leftMs = options.timeoutMs;
  if (!(leftMs > 0)) throw deadlineError(options);
  for (let attempt = 1; ; attempt++) {
    let failure: CallError;
    try {
      const answer = send(leftMs);
      return await (signal === undefined ? answer : untilAborted(answer, signal));
    } catch (error) {
      if (signal?.aborted) throw abortError(signal, { ...options, attempts: attempt });
      failure = toCallError(error, {
        method: selectorOf(options.method),
        operationName: options.operationName,
        attempts: attempt,
      });
    }
    if (policy === undefined || attempt >= policy.maxAttempts) throw failure;
    if (!policy.codes.includes(failure.code) || forbidsRetry(failure)) throw failure;
    const nowMs = clock.now();
    const pauseMs = Math.max(backoffMs(policy, attempt - 1, options.random), retryFloorOf(failure, nowMs));
    leftMs = deadlineMs - nowMs - pauseMs;
    if (leftMs <= 0) throw failure;
    await pause(pauseMs, options, attempt);
  }
}

async function pause(pauseMs: number, options: AttemptsOptions, attempts: number): Promise<void> {
  const { signal, clock } = options;
  try {
    await clock.sleep(pauseMs, signal);
  } catch (error) {
    throw signal?.aborted ? abortError(signal, { ...options, attempts }) : error;
  }
}

/** The error of a call whose time was up before it began: a `timeoutMs` of 0 or less, or not a number. */
function deadlineError({ method, operationName, timeoutMs }: AttemptsOptions): CallError {
  return new CallError({
    code: Code.DeadlineExceeded,
    message: `nothing was sent: timeoutMs is ${timeoutMs}`,
    method: selectorOf(method),
    operationName,
    requestSent: false,
  });
}
