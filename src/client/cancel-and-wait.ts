// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { CallError } from "../errors/call-error.js";
import { isCallError } from "../errors/is-call-error.js";
import { selectorOf } from "../names/method-name.js";
import { withTimeLimit } from "../time/time-limit.js";
import type { CallContext } from "./call.js";
import type { OperationCallOptions } from "./call-options.js";
import type { Checks } from "./option-checks.js";
import type { PollLoop } from "./polling/poll-loop.js";
import { markReached } from "./polling/poll-result.js";
import { pollNow } from "./polling/run-loop.js";
import { waitForOutcome } from "./polling/wait.js";
import { timeoutErrorOf, type WaitLimits, type WaitOptions } from "./polling/wait-limits.js";
import { isOutcome, type Outcome, type Snapshot } from "./snapshot.js";

/**
 * Options of `cancelAndWait`: those of the wait, and what three responses to the cancel request mean, where
 * programs differ. Every other error of the request is thrown.
 */
export interface CancelAndWaitOptions extends WaitOptions {
  /**
   * The server does not support cancelling (`UNIMPLEMENTED`): throw that, or wait for the operation to end by
   * itself. @default "throw"
   */
  readonly onUnsupported?: "throw" | "wait" | undefined;
  /**
   * The server does not know the operation (`NOT_FOUND`): throw that, or poll to verify it, for servers that
   * return it for what has ended. An operation that is gone never counts as cancelled. @default "throw"
   */
  readonly onNotFound?: "throw" | "verify" | undefined;
  /**
   * The operation had already ended when the cancel was requested: return how, or throw `FailedPrecondition`. It counts
   * as ended when this handle has seen the end, in which case nothing is sent, or when the server returns
   * `FAILED_PRECONDITION` and a poll shows it. @default "outcome"
   */
  readonly onDone?: "outcome" | "throw" | undefined;
}

/** The checks of what is not an option of every wait. */
export const CANCEL_CHECKS: Checks<Omit<CancelAndWaitOptions, keyof WaitOptions>> = {
  onUnsupported: ["throw", "wait"],
  onNotFound: ["throw", "verify"],
  onDone: ["outcome", "throw"],
};

/** What cancelling needs of a handle. */
export interface Cancellable<R, M> {
  readonly loop: PollLoop<R, M>;
  cancel(options: OperationCallOptions, context: CallContext): Promise<void>;
  poll(options: OperationCallOptions, context: CallContext): Promise<Snapshot<R, M>>;
}

/**
 * Requests cancellation, then polls until the operation has ended. The outcome comes from a poll and from nothing else: an
 * accepted cancel may still end in success, and a lost operation is an error.
 */
export async function cancelAndWait<R, M>(
  operation: Cancellable<R, M>,
  limits: WaitLimits,
  options: CancelAndWaitOptions,
): Promise<Outcome<R, M>> {
  const { loop } = operation;
  const { clock, handle } = loop.options;
  const { timeoutMs, startMs, signal } = limits;
  if (loop.known !== undefined && isOutcome(loop.known)) return alreadyDone(loop.known, options, false);

  const contextOf = () => ({ atMostMs: timeoutMs - (clock.now() - startMs), handle });
  const timeoutError = () => timeoutErrorOf(limits, loop);
  const ended = await withTimeLimit({ clock, timeoutMs, signal, timeoutError }, async (signal) => {
    try {
      await operation.cancel({ signal }, contextOf());
    } catch (error) {
      if (!isCallError(error) || !error.requestSent) throw error;
      if (error.code === Code.Unimplemented && options.onUnsupported === "wait") {
        markReached(loop);
        return undefined;
      }
      if (error.code === Code.NotFound && options.onNotFound === "verify") {
        pollNow(loop);
        return undefined;
      }
      if (error.code !== Code.FailedPrecondition) throw error;
      const snapshot = await operation.poll({ signal }, contextOf());
      if (!isOutcome(snapshot)) throw error;
      return alreadyDone(snapshot, options, true);
    }
    return undefined;
  });
  if (ended !== undefined) return ended;
  return waitForOutcome(loop, { ...limits, requestSent: true });
}

function alreadyDone<R, M>(
  outcome: Outcome<R, M>,
  options: CancelAndWaitOptions,
  requestSent: boolean,
): Outcome<R, M> {
  if (options.onDone !== "throw") return outcome;
  throw new CallError({
    code: Code.FailedPrecondition,
    message: `the operation had already ended: ${outcome.state}`,
    method: selectorOf(Operations.method.cancelOperation),
    operationName: outcome.name,
    requestSent,
  });
}
