// SPDX-License-Identifier: Apache-2.0
import type { AnySchema } from "@bufbuild/protobuf/wkt";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { type CallError, toCallError } from "../../errors/call-error.js";
import { selectorOf } from "../../names/method-name.js";
import { checkOperationName } from "../operation-calls.js";
import { createOperationLoop, type HandleContext } from "../operation-loop.js";
import { type Checks, checkOptions } from "../option-checks.js";
import { observeWait } from "../polling/observe-wait.js";
import { waitForOutcome } from "../polling/wait.js";
import { WAIT_CHECKS, type WaitOptions, waitLimitsOf } from "../polling/wait-limits.js";
import type { Outcome } from "../snapshot.js";
import { WaitTimeoutError } from "../wait-timeout-error.js";
import type { NameSource } from "./name-source.js";
import type { Member } from "./parent-list.js";
import { createMember, createParentPolls } from "./parent-polls.js";
import { nameInError, reportsOf, type SkippedReport } from "./reports.js";

/** What became of one name in `waitOperations`. */
export type WaitReport =
  | {
      /** The name, as it was given. */
      readonly name: string;
      /** The state that the operation ended in. */
      readonly state: Outcome["state"];
      /** How the operation ended, as `wait()` gives it. */
      readonly outcome: Outcome;
    }
  | {
      /** The name, as it was given. */
      readonly name: string;
      /** The wait failed, or its time was up. */
      readonly state: "error";
      /** A `WaitTimeoutError` when the time was up; the operation goes on. */
      readonly error: CallError | WaitTimeoutError;
    }
  | SkippedReport;

/** Options of `waitOperations`: those of each wait, `timeoutMs` for each name by itself. */
export interface WaitOperationsOptions extends WaitOptions {
  /** How many operations are waited for at one time, unread reports included. @default 100 */
  readonly concurrency?: number | undefined;
}

/** {@link WaitOperationsOptions}, checked and complete. */
export interface BulkWait extends WaitOptions {
  readonly concurrency: number;
}

/** Checks the options; they are used with the first report that is read. */
export function resolveBulkWait(options: WaitOperationsOptions): BulkWait {
  checkOptions("waitOperations", options, {
    ...WAIT_CHECKS,
    concurrency: { min: 1, max: 10_000, whole: true },
  } satisfies Checks<WaitOperationsOptions>);
  const { concurrency = 100 } = options;
  return { ...options, concurrency };
}

/** Waits for many operations; one report for each name, as it ends. */
export function waitOperations(
  context: HandleContext,
  source: NameSource,
  { concurrency, signal, ...wait }: BulkWait,
): AsyncGenerator<WaitReport, void> {
  const polls = createParentPolls(context);
  const task = async (name: string, ownSignal: AbortSignal): Promise<WaitReport> => {
    let member: Member | undefined;
    try {
      checkOperationName(Operations.method.getOperation, name);
      member = createMember(
        createOperationLoop<typeof AnySchema, typeof AnySchema>(context, name, {}),
        name,
        polls,
      );
      const limits = waitLimitsOf(member.loop, name, { ...wait, signal: ownSignal });
      const { loop } = member;
      const outcome = await observeWait(loop, "wait", () => waitForOutcome(loop, limits));
      return { name, state: outcome.state, outcome };
    } catch (error) {
      if (error instanceof WaitTimeoutError) return { name, state: "error", error };
      const failed = toCallError(error, {
        method: selectorOf(Operations.method.getOperation),
        operationName: nameInError(name),
      });
      const isSkipped = failed.reason === "aborted-by-caller" && !failed.requestSent;
      return isSkipped ? { name, state: "skipped" } : { name, state: "error", error: failed };
    } finally {
      if (member !== undefined) polls.leave(member);
    }
  };
  return reportsOf<WaitReport>(source, { concurrency, signal, task });
}
