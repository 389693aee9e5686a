// SPDX-License-Identifier: Apache-2.0
import { CallError, toCallError } from "../errors/call-error.js";
import { isCallError } from "../errors/is-call-error.js";
import { codeName } from "../names/code-name.js";
import type { Checks } from "./option-checks.js";
import { AFTER_CANCEL, type WaitOptions } from "./polling/wait-limits.js";

/** Options of `wait` and `result`. */
export interface ResultOptions extends WaitOptions {
  /**
   * What an abort of `signal` does besides ending the wait: nothing, the operation goes on; or a cancel request, for which the
   * wait is at an end once the server has responded, or the client's `timeoutMs` is over. The error's `rawMessage` says what
   * became of the request, and its `cause` is the request's error if that failed. Accepted is not cancelled: a later `wait`
   * tells. A timeout requests nothing.
   * @default "leave"
   */
  readonly onAbort?: "leave" | "cancel" | undefined;
}

/** The check of what is not an option of every wait. */
export const RESULT_CHECKS: Checks<Omit<ResultOptions, keyof WaitOptions>> = { onAbort: ["leave", "cancel"] };

/** The error of a wait that has ended: after an abort by the caller, the cancel is requested, and it says how that went. */
export async function afterAbort(
  error: unknown,
  { signal }: ResultOptions,
  cancel: () => Promise<void>,
): Promise<unknown> {
  if (signal?.aborted !== true || !isAbort(error)) return error;
  const failed = await cancel().then(
    () => undefined,
    (reason: unknown) => toCallError(reason),
  );
  const result =
    failed === undefined
      ? "the cancel request was accepted"
      : `the cancel request failed with ${codeName(failed.code)}: ${failed.rawMessage}`;
  const { code, reason, rawMessage, method, operationName, attempts, cause } = error;
  return new CallError({
    code,
    reason,
    message: `${rawMessage.replace(" before anything was sent", "")}; ${result}`,
    method,
    operationName,
    attempts,
    requestSent: error.requestSent || (failed?.requestSent ?? true),
    advice: AFTER_CANCEL,
    cause: failed ?? cause,
  });
}

/** Not an error of a poll that came first, nor a timeout. */
function isAbort(error: unknown): error is CallError {
  return isCallError(error) && error.reason === "aborted-by-caller";
}
