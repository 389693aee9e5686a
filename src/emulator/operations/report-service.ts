// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import {
  type ReportService,
  RunReportMetadataSchema,
  type RunReportRequest,
  RunReportResponseSchema,
} from "../../../gen/google/ads/admanager/v1/report_service_pb.js";
import { nameProblem } from "../../names/operation-name.js";
import { checkBehaviour } from "./behaviour.js";
import { createMadeResults } from "./made-results.js";
import { type ReportRowsScript, reportOf, rowsPage } from "./report-rows.js";
import { createSavedReports, type ReportScript } from "./saved-reports.js";
import type { OperationBehaviour } from "./script.js";
import type { Store } from "./store.js";

/** How report runs behave: the same for all, or decided for each `RunReport`. */
export type ReportRuns = OperationBehaviour | ((request: RunReportRequest) => OperationBehaviour);

const REPORT = /^networks\/([^/]+)\/reports\/([^/]+)$/;

/**
 * `google.ads.admanager.v1.ReportService`: `RunReport` starts an operation in the store, below
 * `networks/{network}/operations/reports/runs`. Its metadata contains the progress and the report; its
 * response names a result. The script may override all of it. `FetchReportResultRows` pages through the configured or
 * generated rows of the results that runs have made; `GetReport` and `ListReports` have its columns.
 */
export function createReportService(
  store: Store,
  runs: ReportRuns,
  {
    reports,
    reportRows,
  }: { readonly reports: readonly ReportScript[]; readonly reportRows: ReportRowsScript },
): ServiceImpl<typeof ReportService> {
  if (typeof runs !== "function")
    checkBehaviour("reportRuns", runs, (given) => runOf("networks/1/reports/1", given));
  const saved = createSavedReports(reports);
  const isMade = createMadeResults(store);
  return {
    getReport: ({ name }, context) => {
      checkJson(context);
      return saved.get(name);
    },
    listReports: (request, context) => {
      checkJson(context);
      return saved.list(request);
    },
    fetchReportResultRows: (request) => {
      const { name } = saved.get(reportOf(request.name));
      const rows = saved.rowsOf(name);
      return rowsPage(rows === undefined ? reportRows : () => rows, saved.columnsOf(name), request, isMade);
    },
    runReport: (request) => {
      const [, network, report] = REPORT.exec(request.name) ?? [];
      if (network === undefined || report === undefined || nameProblem(request.name) !== undefined) {
        throw new ConnectError("name is not a report: expected networks/*/reports/*.", Code.InvalidArgument);
      }
      saved.get(request.name);
      const behaviour = typeof runs === "function" ? runs(request) : runs;
      const parent = `networks/${network}/operations/reports/runs`;
      return store.get(store.start({ ...runOf(request.name, behaviour), parent }).name);
    },
  };
}

/** In Google's binary, dimensions and metrics are numbers: only JSON has the names, which are what our proto has. */
function checkJson({ protocolName }: HandlerContext): void {
  if (!protocolName.startsWith("grpc")) return;
  throw new ConnectError(
    "the columns of reports are served over REST, as by Ad Manager.",
    Code.Unimplemented,
  );
}

/** A run of a report: as scripted, else with the progress as its metadata, and a result as its response. */
function runOf(report: string, script: OperationBehaviour): OperationBehaviour {
  const {
    response = script.error === undefined ? responseOf(report) : undefined,
    metadata = anyPack(RunReportMetadataSchema, create(RunReportMetadataSchema, { report })),
    percentField = RunReportMetadataSchema.field.percentComplete,
  } = script;
  return { ...script, response, metadata, percentField };
}

function responseOf(report: string) {
  const reportResult = `${report}/results/1`;
  return anyPack(RunReportResponseSchema, create(RunReportResponseSchema, { reportResult }));
}
