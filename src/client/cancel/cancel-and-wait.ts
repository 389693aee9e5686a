// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { CallError, isCallError } from "../../errors/call-error.js";
import { selectorOf } from "../../names/method-name.js";
import { withTimeLimit } from "../../time/time-limit.js";
import { hurryLoop, type PollLoop } from "../polling/poll-loop.js";
import { type FollowLimits, timeoutOf, type WaitOptions } from "../polling/subscribe.js";
import { waitForOutcome } from "../polling/wait.js";
import { isOutcome, type Outcome, type Snapshot } from "../snapshot.js";

/**
 * Options of `cancelAndWait`: beside the time and the signal of the whole, what to do with the three answers to a cancel
 * that callers see differently. Every other failure of the request is thrown.
 */
export interface CancelAndWaitOptions extends WaitOptions {
  /**
   * The server says that it does not cancel this (`UNIMPLEMENTED`): throw that, or wait for the operation to end by
   * itself. @default "throw"
   */
  readonly onUnsupported?: "throw" | "wait" | undefined;
  /**
   * The server does not know the operation (`NOT_FOUND`): throw that, or look whether that is so, for servers that
   * answer it for what has ended. An operation that is gone never counts as cancelled. @default "throw"
   */
  readonly onNotFound?: "throw" | "look" | undefined;
  /**
   * The operation had already ended when the cancel was asked for: give how, or throw `FailedPrecondition`. It counts as
   * ended when this handle has seen the end, in which case nothing is sent, or when the server answers
   * `FAILED_PRECONDITION` and a look shows it. @default "outcome"
   */
  readonly onDone?: "outcome" | "throw" | undefined;
}

/** What cancelling needs of a handle. */
export interface Cancellable<R, M> {
  readonly loop: PollLoop<R, M>;
  cancel(signal: AbortSignal | undefined, atMostMs: number): Promise<void>;
  look(signal: AbortSignal | undefined, atMostMs: number): Promise<Snapshot<R, M>>;
}

/**
 * Asks for the cancel, then looks until the operation has ended. The outcome comes from a look and from nothing else: an
 * accepted cancel may still end in success, and a lost operation is an error.
 */
export async function cancelAndWait<R, M>(
  operation: Cancellable<R, M>,
  limits: FollowLimits,
  options: CancelAndWaitOptions,
): Promise<Outcome<R, M>> {
  const { loop } = operation;
  const { clock } = loop.options;
  const { timeoutMs, startMs, signal } = limits;
  if (loop.known !== undefined && isOutcome(loop.known)) return alreadyDone(loop.known, options, false);

  const leftMs = () => timeoutMs - (clock.now() - startMs);
  const looksBefore = loop.looks;
  const timeoutError = () => timeoutOf(limits, loop, loop.looks - looksBefore);
  const ended = await withTimeLimit({ clock, timeoutMs, signal, timeoutError }, async (signal) => {
    try {
      await operation.cancel(signal, leftMs());
    } catch (error) {
      if (!isCallError(error) || !error.requestSent) throw error;
      if (error.code === Code.Unimplemented && options.onUnsupported === "wait") return undefined;
      if (error.code === Code.NotFound && options.onNotFound === "look") {
        hurryLoop(loop);
        return undefined;
      }
      if (error.code !== Code.FailedPrecondition) throw error;
      const snapshot = await operation.look(signal, leftMs());
      if (!isOutcome(snapshot)) throw error;
      return alreadyDone(snapshot, options, true);
    }
    return undefined;
  });
  if (ended !== undefined) return ended;
  return waitForOutcome(loop, limits);
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
