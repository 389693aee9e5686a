// SPDX-License-Identifier: Apache-2.0
import { createRegistry } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { createAdReviewCenterAdServiceOperations } from "../../gen/google/ads/admanager/v1/ad_review_center_ad_service_longrunning.js";
import { AdManagerErrorSchema } from "../../gen/google/ads/admanager/v1/admanager_error_pb.js";
import {
  createReportServiceOperations,
  ReportServiceOperations,
} from "../../gen/google/ads/admanager/v1/report_service_longrunning.js";
import {
  RunReportMetadataSchema,
  RunReportResponseSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { createInvoke } from "../client/call.js";
import { createClientWith } from "../client/client.js";
import {
  checkTransport,
  type OperationsClientOptions,
  resolveClientOptions,
} from "../client/client-options.js";
import { AD_MANAGER_POLLING } from "../client/polling/polling-options.js";
import {
  checkMethods,
  checkObject,
  interceptorsOption,
  invalidOption,
  registryOption,
  rejectUnknownKeys,
} from "../errors/options.js";
import { withBounds } from "../retry/retry-policy.js";
import { HTTP_OPTION_KEYS } from "../transport/http/options.js";
import type { AdManagerClient } from "./client-methods.js";
import { replaceRun } from "./replace-run.js";
import { createReportRows } from "./report-rows.js";
import { openReportTable } from "./report-table.js";
import { createReportList, fetchReport } from "./saved-reports.js";
import { type AdManagerTransportOptions, boundMethodsOnly, createAdManagerTransport } from "./transport.js";

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

/**
 * Creates a client of Google Ad Manager: its endpoint, its HTTP rules for operations, its polling intervals.
 *
 * @throws TypeError for an option that is unknown, invalid, or contradicts another.
 */
export function createAdManagerClient(options: AdManagerClientOptions = {}): AdManagerClient {
  rejectUnknownKeys("createAdManagerClient", options, OPTION_KEYS);
  const { auth, baseUrl, interceptors, transport, tls, proxy, maxSockets, dispatcher, fetch, ...rest } =
    options;
  const { polling = {} } = rest;
  checkObject("createAdManagerClient: polling", polling);
  const registry = registryOption("createAdManagerClient: registry", rest.registry);
  interceptorsOption(interceptors);
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
    registry: registry === undefined ? TYPES : createRegistry(TYPES, registry),
    transport: boundMethodsOnly(own.transport),
    polling: { ...polling, ...withBounds(polling, AD_MANAGER_POLLING) },
  });
  const invoke = createInvoke(settings);
  const rows = { ...settings, invoke };
  const client = createClientWith(settings, invoke);
  const reports = createReportServiceOperations(client);
  const runReport: AdManagerClient["runReport"] = async (report, runOptions) => {
    if (typeof report === "string") return reports.runReport({ name: report }, runOptions);
    checkObject("runReport: report", report);
    return reports.runReport(report, runOptions);
  };
  const operation: AdManagerClient["operation"] = (name, handleOptions) =>
    client.operation(name, { ...handleOptions, ...RUN });
  return {
    ...client,
    ...createAdReviewCenterAdServiceOperations(client),
    runReport,
    replaceRun: async (previous, report, replaceOptions = {}) => {
      const earlier = typeof previous === "string" ? operation(previous) : previous;
      // Before the start: its run must not be lost.
      checkMethods("replaceRun: previous", earlier, "poll", "cancel", "cancelAndWait");
      return replaceRun(earlier, (runOptions) => runReport(report, runOptions), replaceOptions);
    },
    reportRows: (result, rowsOptions = {}) => createReportRows(rows, result, rowsOptions),
    reportTable: (result, tableOptions = {}) => openReportTable(rows, result, tableOptions),
    getReport: (name, callOptions = {}) => fetchReport(rows, name, callOptions),
    listReports: (network, listOptions = {}) => createReportList(rows, network, listOptions),
    operation,
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
