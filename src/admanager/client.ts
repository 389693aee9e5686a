// SPDX-License-Identifier: Apache-2.0
import { createRegistry, type MessageInitShape } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import {
  type AdReviewCenterAdServiceOperations,
  createAdReviewCenterAdServiceOperations,
} from "../../gen/google/ads/admanager/v1/ad_review_center_ad_service_longrunning.js";
import { AdManagerErrorSchema } from "../../gen/google/ads/admanager/v1/admanager_error_pb.js";
import {
  createReportServiceOperations,
  ReportServiceOperations,
} from "../../gen/google/ads/admanager/v1/report_service_longrunning.js";
import {
  type RunReportMetadata,
  RunReportMetadataSchema,
  type RunReportRequestSchema,
  type RunReportResponse,
  RunReportResponseSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { createInvoke } from "../client/call.js";
import type { CancelAndWaitOptions } from "../client/cancel-and-wait.js";
import { createClientWith, type OperationsClient } from "../client/client.js";
import {
  checkTransport,
  type OperationsClientOptions,
  resolveClientOptions,
} from "../client/client-options.js";
import type { OperationHandle } from "../client/handle.js";
import type { OperationJson } from "../client/operation-json.js";
import type { OperationMethodOptions } from "../client/operation-method.js";
import type { PollingOptions } from "../client/polling/polling-options.js";
import type { Outcome } from "../client/snapshot.js";
import { invalidOption, rejectUnknownKeys } from "../errors/options.js";
import { withBounds } from "../retry/retry-policy.js";
import { HTTP_OPTION_KEYS } from "../transport/http/options.js";
import { createReportRows, type ReportRows, type ReportRowsOptions } from "./report-rows.js";
import type { Int64, Int64Form } from "./report-value.js";
import { type AdManagerTransportOptions, boundMethodsOnly, createAdManagerTransport } from "./transport.js";

/** The operation of a report's run: its metadata has `percentComplete`, its response the name of the result. */
export type ReportRun = OperationHandle<RunReportResponse, RunReportMetadata>;

/** Polling of one run, overriding the client's. */
export interface RunOptions {
  /** @default {} */
  readonly polling?: PollingOptions | undefined;
}

/** Options of `runReport`. */
export type RunReportOptions = OperationMethodOptions<
  typeof RunReportResponseSchema,
  typeof RunReportMetadataSchema
>;

/** Options of `createAdManagerClient`. */
export interface AdManagerClientOptions
  extends AdManagerTransportOptions,
    Omit<OperationsClientOptions, "transport"> {
  /**
   * A transport to use in place of Ad Manager's own, with rules and credentials of its own: for tests, for example.
   * @default a REST transport to `baseUrl`
   */
  readonly transport?: Transport | undefined;
}

/** Methods of a client whose calls Ad Manager does not have: ListOperations, DeleteOperation and WaitOperation. */
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
   * The rows of a result, `networks/{network}/reports/{report}/results/{result}` or the response of the run that made it,
   * page by page as they are read. A page that fails is retried according to the client's `retry`.
   *
   * @throws TypeError for an option that is invalid, and for `undefined`: a run that failed or was cancelled has no response
   */
  reportRows<F extends Int64Form = "bigint">(
    result: string | RunReportResponse,
    options?: ReportRowsOptions<F>,
  ): ReportRows<Int64<F>>;
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

const OPTION_KEYS = {
  auth: true,
  baseUrl: true,
  interceptors: true,
  transport: true,
  retry: true,
  polling: true,
  timeoutMs: true,
  registry: true,
  observer: true,
  clock: true,
  random: true,
  ...HTTP_OPTION_KEYS,
} as const satisfies Record<keyof AdManagerClientOptions, true>;

/** The message types that Ad Manager's operations and errors carry in an `Any`. */
const TYPES = createRegistry(RunReportResponseSchema, RunReportMetadataSchema, AdManagerErrorSchema);
const { runReport: RUN } = ReportServiceOperations.methods;

/** "Poll every 5 seconds initially, with an exponential backoff", as Ad Manager's documentation asks. */
const POLLING = { initialMs: 5_000, maxMs: 60_000 };

/**
 * Creates a client of Google Ad Manager: its endpoint, its HTTP rules for operations, its polling intervals.
 *
 * @throws TypeError for an option that is unknown, invalid, or contradicts another.
 */
export function createAdManagerClient(options: AdManagerClientOptions = {}): AdManagerClient {
  rejectUnknownKeys("createAdManagerClient", options, OPTION_KEYS);
  const { auth, baseUrl, interceptors, transport, tls, proxy, maxSockets, dispatcher, fetch, ...rest } =
    options;
  const ofTransport = { auth, baseUrl, interceptors, tls, proxy, maxSockets, dispatcher, fetch };
  if (transport !== undefined && Object.values(ofTransport).some((option) => option !== undefined)) {
    throw invalidOption(
      "createAdManagerClient: transport brings its own endpoint, interceptors, credentials and connections (expected " +
        `none of ${Object.keys(ofTransport).join(", ")} beside it)`,
    );
  }
  const own = transportOf({ ...ofTransport, transport });
  const settings = resolveClientOptions({
    ...rest,
    registry: options.registry === undefined ? TYPES : createRegistry(TYPES, options.registry),
    transport: boundMethodsOnly(own.transport),
    polling: { ...options.polling, ...withBounds(options.polling ?? {}, POLLING) },
  });
  const invoke = createInvoke(settings);
  const rows = { ...settings, invoke };
  const client = createClientWith(settings, invoke);
  const reports = createReportServiceOperations(client);
  return {
    ...client,
    ...createAdReviewCenterAdServiceOperations(client),
    runReport: (report, runOptions) =>
      reports.runReport(typeof report === "string" ? { name: report } : report, runOptions),
    reportRows: (result, rowsOptions = {}) => createReportRows(rows, result, rowsOptions),
    operation: (name, handleOptions) => client.operation(name, { ...handleOptions, ...RUN }),
    fromJSON: (json, handleOptions) => client.fromJSON(json, { ...handleOptions, ...RUN }),
    cancelAndWait: (name, cancelOptions) => client.cancelAndWait(name, { ...cancelOptions, ...RUN }),
    close: own.close,
    [Symbol.asyncDispose]: own.close,
  };
}

/** The transport to use, and a function that closes it if it was created here. */
function transportOf({
  transport,
  ...options
}: AdManagerTransportOptions & { transport: Transport | undefined }) {
  if (transport !== undefined) checkTransport("createAdManagerClient", transport);
  if (transport !== undefined) return { transport, close: async () => undefined };
  const made = createAdManagerTransport(options);
  return { transport: made, close: () => made.close() };
}
