// SPDX-License-Identifier: Apache-2.0
// The parts of upstream's files that ours must contain. Every exception is a row with its reason; anything that is
// not in these tables has to be equal.

/** The files that must exist here and be complete, but for the rows below. */
export const carriedFiles = [
  "google/ads/admanager/v1/ad_review_center_ad_service.proto",
  "google/ads/admanager/v1/admanager_error.proto",
  "google/ads/admanager/v1/report_definition.proto",
  "google/ads/admanager/v1/report_messages.proto",
  "google/ads/admanager/v1/report_service.proto",
  "google/ads/admanager/v1/report_value.proto",
  "google/api/annotations.proto",
  "google/api/client.proto",
  "google/api/field_behavior.proto",
  "google/api/field_info.proto",
  "google/api/http.proto",
  "google/api/httpbody.proto",
  "google/api/launch_stage.proto",
  "google/api/resource.proto",
  "google/api/routing.proto",
  "google/longrunning/operations.proto",
  "google/rpc/code.proto",
  "google/rpc/error_details.proto",
  "google/rpc/status.proto",
  "google/type/date.proto",
];

/**
 * Of the files in this directory we carry only these top-level elements and methods: what starting, watching and
 * cancelling a report run and reading its rows need. The service itself comes with its options. Of the messages in
 * `parts` only what we have is compared.
 */
export const partial = {
  directory: "google/ads/admanager/v1/",
  carries: new Set([
    "google.ads.admanager.v1.AdManagerError",
    "google.ads.admanager.v1.AdReviewCenterAdService",
    "google.ads.admanager.v1.AdReviewCenterAdService.BatchAllowAdReviewCenterAds",
    "google.ads.admanager.v1.AdReviewCenterAdService.BatchBlockAdReviewCenterAds",
    "google.ads.admanager.v1.BatchAdReviewCenterAdsOperationMetadata",
    "google.ads.admanager.v1.BatchAllowAdReviewCenterAdsRequest",
    "google.ads.admanager.v1.BatchAllowAdReviewCenterAdsResponse",
    "google.ads.admanager.v1.BatchBlockAdReviewCenterAdsRequest",
    "google.ads.admanager.v1.BatchBlockAdReviewCenterAdsResponse",
    "google.ads.admanager.v1.ReportService",
    "google.ads.admanager.v1.ReportService.GetReport",
    "google.ads.admanager.v1.ReportService.ListReports",
    "google.ads.admanager.v1.ReportService.RunReport",
    "google.ads.admanager.v1.ReportService.FetchReportResultRows",
    "google.ads.admanager.v1.FetchReportResultRowsRequest",
    "google.ads.admanager.v1.FetchReportResultRowsResponse",
    "google.ads.admanager.v1.GetReportRequest",
    "google.ads.admanager.v1.ListReportsRequest",
    "google.ads.admanager.v1.ListReportsResponse",
    "google.ads.admanager.v1.Report",
    "google.ads.admanager.v1.ReportDataTable",
    "google.ads.admanager.v1.ReportDefinition",
    "google.ads.admanager.v1.ReportValue",
    "google.ads.admanager.v1.RunReportRequest",
    "google.ads.admanager.v1.RunReportMetadata",
    "google.ads.admanager.v1.RunReportResponse",
  ]),
  /** Of a report and its definition, no row refers to filters, sorts and schedules. */
  parts: [
    "google.ads.admanager.v1.Report",
    "google.ads.admanager.v1.ReportDefinition",
    "google.ads.admanager.v1.ReportDefinition.DateRange",
    "google.ads.admanager.v1.ReportDefinition.Flag",
  ],
};

/**
 * Fields that are an enum upstream and text here, by full name: the same in JSON, which is all that Ad Manager speaks. The
 * enums have 1,210 values and grow by the month; text has also those that are newer than a copy.
 */
export const textInsteadOfEnum = new Set([
  "google.ads.admanager.v1.ReportDefinition.dimensions",
  "google.ads.admanager.v1.ReportDefinition.metrics",
]);

/** Directories of which upstream's files must all be here, or in `filesLeftOut`. */
export const wholeDirectories = ["google/longrunning/", "google/rpc/", "google/api/"];

/**
 * Files of those directories that are not here. A name that ends in a slash stands for all files below.
 * A file that upstream adds is drift until it is carried or listed. A reason completes "files that are".
 */
export const filesLeftOut = [
  {
    reason: "parts of a service configuration, to which nothing in our files refers",
    files: [
      "auth",
      "backend",
      "billing",
      "config_change",
      "consumer",
      "context",
      "control",
      "distribution",
      "documentation",
      "endpoint",
      "label",
      "log",
      "logging",
      "metric",
      "monitored_resource",
      "monitoring",
      "policy",
      "quota",
      "service",
      "source_info",
      "system_parameter",
      "usage",
    ].map((name) => `google/api/${name}.proto`),
  },
  {
    reason: "options for generators and documentation that none of our files sets",
    files: ["google/api/visibility.proto"],
  },
  {
    reason: "lists of error reasons, which ErrorInfo carries as strings",
    files: ["google/api/error_reason.proto"],
  },
  {
    reason: "APIs of their own in the same directory",
    files: ["apikeys", "cloudquotas", "expr", "servicecontrol", "servicemanagement", "serviceusage"].map(
      (name) => `google/api/${name}/`,
    ),
  },
  {
    reason: "for use between Google's servers",
    files: ["google/rpc/http.proto", "google/rpc/context/"],
  },
];

/**
 * Elements that we have and the installed copies of upstream do not have yet, by full name, with the
 * reason. A row that upstream has caught up with is reported, so that it goes away.
 * @type {ReadonlyMap<string, string>}
 */
export const aheadOfUpstream = new Map();
