// SPDX-License-Identifier: Apache-2.0
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { AdReviewCenterAdServiceOperations } from "../../gen/google/ads/admanager/v1/ad_review_center_ad_service_longrunning.js";
import type { Report } from "../../gen/google/ads/admanager/v1/report_messages_pb.js";
import type {
  RunReportMetadata,
  RunReportRequestSchema,
  RunReportResponse,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import type { OperationCallOptions } from "../client/call-options.js";
import type { CancelAndWaitOptions } from "../client/cancel-and-wait.js";
import type { OperationsClient } from "../client/client.js";
import type { OperationJson } from "../client/operation-json.js";
import type { PollingOptions } from "../client/polling/polling-options.js";
import type { Outcome } from "../client/snapshot.js";
import type { ReplaceRunOptions, ReplaceRunResult, ReportRun, RunReportOptions } from "./replace-run.js";
import type { ReportRows, ReportRowsOptions } from "./report-rows.js";
import type { ReportColumnKinds, ReportTable, ReportTableOptions, ReportTableRow } from "./report-table.js";
import type { Int64, Int64Form } from "./report-value.js";
import type { ListReportsOptions, ReportList } from "./saved-reports.js";

/** Polling of one run, overriding the client's. */
export interface RunOptions {
  /** @default {} */
  readonly polling?: PollingOptions | undefined;
}

/** Methods of a client whose calls Ad Manager does not have, and `watchOperations`, which lists. */
type UnboundMethod = "listOperations" | "deleteOperation" | "waitOperation" | "watchOperations";

/** Methods that know the types of a run. */
type TypedMethod = "operation" | "fromJSON" | "cancelAndWait";

/**
 * The client of Ad Manager: operations are report runs, which can be started, polled and cancelled. ListOperations,
 * DeleteOperation and WaitOperation do not exist there: a JavaScript program that calls them gets `Unimplemented`,
 * and nothing is sent.
 *
 * The two methods of the ad review center that start operations are included. But Ad Manager binds GetOperation and
 * CancelOperation only for report runs: polling an operation with another name fails with `invalid-argument`, and nothing
 * is sent.
 */
export interface AdManagerClient
  extends Omit<OperationsClient, UnboundMethod | TypedMethod>,
    AdReviewCenterAdServiceOperations,
    AsyncDisposable {
  /**
   * Starts a run of a report, `networks/{network}/reports/{report}` or a request with that name, and returns its handle.
   * Never retried, since a second request would start a second run.
   */
  runReport(
    report: string | MessageInitShape<typeof RunReportRequestSchema>,
    options?: RunReportOptions,
  ): Promise<ReportRun>;
  /**
   * Starts a run in place of an earlier one: the handle or name of that, or `undefined` if there is none. The new run is
   * started first, so that an error costs nothing; then the earlier one is polled, and its cancel requested unless it has
   * ended. `replaced` says what became of it, errors included: an accepted cancel is no cancelled run.
   *
   * @throws CallError if the new run could not be started; the earlier one then goes on.
   */
  replaceRun(
    previous: ReportRun | string | undefined,
    report: string | MessageInitShape<typeof RunReportRequestSchema>,
    options?: ReplaceRunOptions,
  ): Promise<ReplaceRunResult>;
  /**
   * The rows of a result, `networks/{network}/reports/{report}/results/{result}` or the response of the run that made it,
   * page by page as they are read. A page that fails is retried according to the client's `retry`.
   *
   * @throws TypeError for an option that is invalid, and for `undefined`: a run that failed or was cancelled has no response
   */
  reportRows<F extends Int64Form = "bigint">(
    result: string | RunReportResponse,
    options?: ReportRowsOptions<F>,
  ): ReportRows<Int64<F>>;
  /**
   * A result as a table: its columns by the report's definition, which is read for it, and rows as objects. The first page is
   * fetched, the others as they are read.
   *
   * @throws CallError if the report or a page cannot be read, a row does not fit the columns, or a value its kind; TypeError
   * for a column that the table does not have.
   */
  reportTable<F extends Int64Form = "bigint", C extends ReportColumnKinds = ReportColumnKinds>(
    result: string | RunReportResponse,
    options?: ReportTableOptions<F, C>,
  ): Promise<ReportTable<ReportTableRow<C, Int64<F>>>>;
  /** Reads a saved report: its name for people, its dimensions and metrics. */
  getReport(name: string, options?: OperationCallOptions): Promise<Report>;
  /** The saved reports of a network, `networks/{network}`, page by page as they are read. */
  listReports(network: string, options?: ListReportsOptions): ReportList;
  /** The handle of a run, `networks/{network}/operations/reports/runs/{run}`. Nothing is sent. */
  operation(name: string, options?: RunOptions): ReportRun;
  /** The handle that a handle's `toJSON()` saved. */
  fromJSON(json: OperationJson, options?: RunOptions): ReportRun;
  /** Requests cancellation of a run, then polls until it has ended, and returns the outcome. */
  cancelAndWait(
    name: string,
    options?: CancelAndWaitOptions & RunOptions,
  ): Promise<Outcome<RunReportResponse, RunReportMetadata>>;
  /**
   * Closes the connections, once the calls under way have ended; so does the end of an `await using` block. A transport that
   * was passed in stays open.
   */
  close(): Promise<void>;
}
