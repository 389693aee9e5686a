// SPDX-License-Identifier: Apache-2.0
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import type { CallError } from "../../errors/call-error.js";
import { checkFunction } from "../../errors/options.js";
import { abortError } from "../../retry/attempts.js";
import { type Checks, checkSignal } from "../option-checks.js";
import { WaitTimeoutError } from "../wait-timeout-error.js";
import { isPolling, type PollLoop } from "./poll-loop.js";

/** Options of everything that waits. */
export interface WaitOptions {
  /**
   * Stops the polling: the wait rejects in the same turn with a `CallError` of the reason `aborted-by-caller`. Other
   * waiters on the same handle go on, and the operation is not touched.
   * @default none
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long to poll, in milliseconds; `Infinity` for no bound. Then the wait rejects with a `WaitTimeoutError`. The last
   * poll is made shortly before, whatever the pace; after a process was frozen, one more is made before giving up.
   * @default `polling.timeoutMs` of the handle or the client
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Called for each failed poll after which the wait continues, so that a program can show that polling is in trouble. What it
   * throws, or rejects with, ends the wait. @default none
   */
  readonly onTransientError?: ((error: CallError) => void) | undefined;
}

/** Their checks, to spread into those of larger options. */
export const WAIT_CHECKS: Checks<WaitOptions> = {
  signal: checkSignal,
  timeoutMs: { min: 0, max: Number.POSITIVE_INFINITY },
  onTransientError: checkFunction,
};

/** The advice of an error that comes after a cancel request, which the operation may be affected by. */
export const AFTER_CANCEL = "poll the operation to learn how it ends";

/** What a wait is limited by. */
export interface WaitLimits {
  readonly operationName: string;
  readonly signal: AbortSignal | undefined;
  /** The time there is, counted from `startMs`. */
  readonly timeoutMs: number;
  /** Start of the wait, or of the cancelAndWait, by the loop's clock. */
  readonly startMs: number;
  /** The loop's count of polls at `startMs`. */
  readonly pollsBefore: number;
  /** Whether a cancelAndWait has sent its cancel request. */
  readonly requestSent: boolean;
  readonly onTransientError: ((error: CallError) => void) | undefined;
}

/** The limits of a wait that begins now. */
export function waitLimitsOf<R, M>(
  loop: PollLoop<R, M>,
  operationName: string,
  { signal, timeoutMs = loop.options.policy.timeoutMs, onTransientError }: WaitOptions,
): WaitLimits {
  const startMs = loop.options.clock.now();
  return {
    operationName,
    signal,
    timeoutMs,
    onTransientError,
    startMs,
    pollsBefore: isPolling(loop) ? loop.polls - 1 : loop.polls, // a poll under way is one of this wait
    requestSent: false,
  };
}

/** The error of a wait whose signal has aborted. */
export function abortErrorOf<R, M>(limits: WaitLimits, signal: AbortSignal, loop: PollLoop<R, M>): CallError {
  const { operationName, pollsBefore } = limits;
  return abortError(signal, {
    method: Operations.method.getOperation,
    operationName,
    attempts: loop.polls - pollsBefore,
    requestSent: limits.requestSent || loop.polls > pollsBefore,
    advice: limits.requestSent ? AFTER_CANCEL : undefined,
  });
}

/** The error of a wait whose time is up, with what the loop has seen. */
export function timeoutErrorOf<R, M>(limits: WaitLimits, loop: PollLoop<R, M>): WaitTimeoutError {
  const { operationName, timeoutMs, startMs, pollsBefore } = limits;
  return new WaitTimeoutError({
    operationName,
    snapshot: loop.known,
    timeoutMs,
    elapsedMs: loop.options.clock.now() - startMs,
    polls: loop.polls - pollsBefore,
    cause: loop.lastTransientError,
  });
}
