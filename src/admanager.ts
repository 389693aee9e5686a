// SPDX-License-Identifier: Apache-2.0

/**
 * Google Ad Manager: start the run of a report, watch it, cancel it, read its rows.
 *
 * @module
 */

export {
  AdReviewCenterAdServiceOperations,
  createAdReviewCenterAdServiceOperations,
} from "../gen/google/ads/admanager/v1/ad_review_center_ad_service_longrunning.js";
export type { AdManagerError } from "../gen/google/ads/admanager/v1/admanager_error_pb.js";
export { AdManagerErrorSchema } from "../gen/google/ads/admanager/v1/admanager_error_pb.js";
export type { Report } from "../gen/google/ads/admanager/v1/report_messages_pb.js";
export {
  createReportServiceOperations,
  ReportServiceOperations,
} from "../gen/google/ads/admanager/v1/report_service_longrunning.js";
export type {
  RunReportMetadata,
  RunReportRequest,
  RunReportResponse,
} from "../gen/google/ads/admanager/v1/report_service_pb.js";
export {
  ReportService,
  RunReportMetadataSchema,
  RunReportRequestSchema,
  RunReportResponseSchema,
} from "../gen/google/ads/admanager/v1/report_service_pb.js";
export type { AdManagerClientOptions } from "./admanager/client.js";
export { createAdManagerClient } from "./admanager/client.js";
export type { AdManagerClient } from "./admanager/client-methods.js";
export type { CellOfKind, ColumnKind } from "./admanager/column-kind.js";
export { AD_MANAGER_HTTP_RULES } from "./admanager/http-rules.js";
export type {
  ReplacedRun,
  ReplaceRunOptions,
  ReplaceRunResult,
  ReportRun,
  RunReportOptions,
} from "./admanager/replace-run.js";
export type { ReportColumn } from "./admanager/report-columns.js";
export type { ReportDateRange, ReportMetrics, ReportRow, ReportRowsPage } from "./admanager/report-page.js";
export type { ReportRows, ReportRowsOptions } from "./admanager/report-rows.js";
export type {
  ReportColumnKinds,
  ReportTable,
  ReportTableOptions,
  ReportTablePage,
  ReportTableRow,
} from "./admanager/report-table.js";
export type { Int64, Int64Form, ReportCell } from "./admanager/report-value.js";
export type { ListReportsOptions, ReportList } from "./admanager/saved-reports.js";
export { AD_MANAGER_READONLY_SCOPE, AD_MANAGER_SCOPE } from "./admanager/scopes.js";
export { AD_MANAGER_BASE_URL } from "./admanager/transport.js";
export type { AuthChoice } from "./auth/for-client.js";
