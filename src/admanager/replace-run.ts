// SPDX-License-Identifier: Apache-2.0
import type {
  RunReportMetadata,
  RunReportMetadataSchema,
  RunReportResponse,
  RunReportResponseSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import type { OperationHandle } from "../client/handle.js";
import type { OperationMethodOptions } from "../client/operation-method.js";
import { isOutcome, type Outcome } from "../client/snapshot.js";
import { WaitTimeoutError } from "../client/wait-timeout-error.js";
import { type CallError, toCallError } from "../errors/call-error.js";
import { booleanOption } from "../errors/options.js";

/** The operation of a report's run: its metadata has `percentComplete`, its response the name of the result. */
export type ReportRun = OperationHandle<RunReportResponse, RunReportMetadata>;

/** Options of `runReport`. */
export type RunReportOptions = OperationMethodOptions<
  typeof RunReportResponseSchema,
  typeof RunReportMetadataSchema
>;

/** Options of `replaceRun`: those of `runReport`, and of the cancel. */
export type ReplaceRunOptions = RunReportOptions & {
  /** Polls until the earlier run has ended, to report how. `timeoutMs` is the time for each step: the start, a poll of the
   * earlier run, and its cancel with the wait. @default false */
  readonly wait?: boolean | undefined;
};

/** What became of the run that a new one replaces. */
export type ReplacedRun = {
  /** The name of its operation. */
  readonly name: string;
} & (
  | {
      /** The server accepted the cancel request; nothing more is known. The run may still succeed. */
      readonly state: "requested";
    }
  | {
      /** How it ended. Without `wait`, it had ended before, and no cancel was requested. */
      readonly state: "cancelled" | "succeeded" | "failed";
      /** The outcome, as `wait()` gives it. */
      readonly outcome: Outcome<RunReportResponse, RunReportMetadata>;
    }
  | {
      /**
       * The cancel request failed, so that the run may go on: `cancel-unsupported`, `not-found`, `unavailable`, ...; or with
       * `wait`, the time was up first (`WaitTimeoutError`).
       */
      readonly state: "error";
      /** What the cancel, or the wait for its end, was rejected with. */
      readonly error: CallError | WaitTimeoutError;
    }
);

/** A new run, and what became of the one before. */
export interface ReplaceRunResult {
  /** The new run. */
  readonly run: ReportRun;
  /** `undefined` if there was none. */
  readonly replaced: ReplacedRun | undefined;
}

/**
 * Starts a run, then requests the cancel of the one before, so that a start that fails costs nothing. Once the new run has
 * been started, nothing is thrown: its handle must not be lost.
 */
export async function replaceRun(
  previous: ReportRun | undefined,
  start: (options: RunReportOptions) => Promise<ReportRun>,
  { wait, ...options }: ReplaceRunOptions,
): Promise<ReplaceRunResult> {
  const waits = booleanOption("replaceRun: wait", wait, false);
  const run = await start(options);
  return {
    run,
    replaced: previous === undefined ? undefined : await cancelReplaced(previous, waits, options),
  };
}

async function cancelReplaced(
  previous: ReportRun,
  waits: boolean,
  { signal, timeoutMs }: RunReportOptions,
): Promise<ReplacedRun> {
  const { name } = previous;
  try {
    const snapshot = await previous.poll({ signal, timeoutMs }).catch(() => undefined); // the cancel says what is wrong
    if (snapshot !== undefined && isOutcome(snapshot))
      return { name, state: snapshot.state, outcome: snapshot };
    if (!waits) {
      await previous.cancel({ signal, timeoutMs });
      return { name, state: "requested" };
    }
    const outcome = await previous.cancelAndWait({ signal, timeoutMs });
    return { name, state: outcome.state, outcome };
  } catch (error) {
    return { name, state: "error", error: error instanceof WaitTimeoutError ? error : toCallError(error) };
  }
}
