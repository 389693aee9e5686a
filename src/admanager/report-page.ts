// SPDX-License-Identifier: Apache-2.0
import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import type { ReportDefinition_DateRange_FixedDateRange as FixedDateRange } from "../../gen/google/ads/admanager/v1/report_definition_pb.js";
import type {
  ReportDataTable_MetricValueGroup as MetricValueGroup,
  ReportDataTable_Row as RawRow,
} from "../../gen/google/ads/admanager/v1/report_messages_pb.js";
import type { FetchReportResultRowsResponse } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import type { Date as PlainDate } from "../../gen/google/type/date_pb.js";
import { cellOf, type Int64, type Int64Form, type ReportCell } from "./report-value.js";

/**
 * The values of all metrics for one date range, each list in the order of the report's metrics. Lists of a kind that the
 * report does not ask for are empty.
 */
export interface ReportMetrics<I extends bigint | string = bigint> {
  /** The metrics themselves. */
  readonly primary: readonly ReportCell<I>[];
  /** Their share of the total. */
  readonly primaryPercentOfTotal: readonly ReportCell<I>[];
  /** The metrics in the date range that is compared with. */
  readonly comparison: readonly ReportCell<I>[];
  /** Their share of the total in the date range that is compared with. */
  readonly comparisonPercentOfTotal: readonly ReportCell<I>[];
  /** The difference between the two date ranges. */
  readonly absoluteChange: readonly ReportCell<I>[];
  /** The difference as a part of the value that is compared with. */
  readonly relativeChange: readonly ReportCell<I>[];
  /** Whether the conditions of each of the report's flags are met. */
  readonly flags: readonly boolean[];
}

/** A row of a report's result. */
export interface ReportRow<I extends bigint | string = bigint> {
  /** In the order of the report's dimensions. */
  readonly dimensions: readonly ReportCell<I>[];
  /** One for each of the result's `dateRanges`. */
  readonly metrics: readonly ReportMetrics<I>[];
  /** The row as the server sent it. */
  readonly raw: RawRow;
}

/** Two days, both included, as `2026-11-26`; a date without a day or a month as `2026-11` or `2026`. */
export interface ReportDateRange {
  /** The first day. */
  readonly start: string;
  /** The last day. */
  readonly end: string;
}

/** A page of rows. Fields that only the first page has are `undefined` or empty on the others. */
export interface ReportRowsPage<I extends bigint | string = bigint> {
  /** In the order of the result. */
  readonly rows: readonly ReportRow<I>[];
  /** For `pageToken`; `""` on the last page. */
  readonly nextPageToken: string;
  /** The rows of the result, all pages together. On the first page only. */
  readonly totalRowCount: number | undefined;
  /** On the first page only. */
  readonly dateRanges: readonly ReportDateRange[];
  /** On the first page only, for a report that compares. */
  readonly comparisonDateRanges: readonly ReportDateRange[];
  /** When the run was requested, or scheduled to start. */
  readonly runTime: Date | undefined;
  /** The response as the server sent it. */
  readonly raw: FetchReportResultRowsResponse;
}

/** A page of rows as JavaScript values. */
export function pageOf<F extends Int64Form>(
  raw: FetchReportResultRowsResponse,
  { form, isFirst }: { readonly form: F; readonly isFirst: boolean },
): ReportRowsPage<Int64<F>> {
  return {
    rows: raw.rows.map((row) => rowOf(row, form)),
    nextPageToken: raw.nextPageToken,
    ...headingOf(raw),
    totalRowCount: isFirst ? raw.totalRowCount : undefined,
    raw,
  };
}

/** What a page says of the whole result. */
export function headingOf(raw: FetchReportResultRowsResponse) {
  return {
    totalRowCount: raw.totalRowCount,
    dateRanges: raw.dateRanges.map(rangeOf),
    comparisonDateRanges: raw.comparisonDateRanges.map(rangeOf),
    runTime: dateOf(raw.runTime),
  };
}

/** A row as JavaScript values. */
export function rowOf<F extends Int64Form>(raw: RawRow, form: F): ReportRow<Int64<F>> {
  return {
    dimensions: raw.dimensionValues.map((value) => cellOf(value, form)),
    metrics: raw.metricValueGroups.map((group) => metricsOf(group, form)),
    raw,
  };
}

function metricsOf<F extends Int64Form>(group: MetricValueGroup, form: F): ReportMetrics<Int64<F>> {
  const cells = (values: MetricValueGroup["primaryValues"]) => values.map((value) => cellOf(value, form));
  return {
    primary: cells(group.primaryValues),
    primaryPercentOfTotal: cells(group.primaryPercentOfTotalValues),
    comparison: cells(group.comparisonValues),
    comparisonPercentOfTotal: cells(group.comparisonPercentOfTotalValues),
    absoluteChange: cells(group.absoluteChangeValues),
    relativeChange: cells(group.relativeChangeValues),
    flags: group.flagValues,
  };
}

/** Two days as text. */
export function rangeOf({ startDate, endDate }: FixedDateRange): ReportDateRange {
  return { start: dayOf(startDate), end: dayOf(endDate) };
}

/** google.type.Date: a day or a month of 0 means that it is absent. */
function dayOf(date: PlainDate | undefined): string {
  const { year = 0, month = 0, day = 0 } = date ?? {};
  const parts = [String(year).padStart(4, "0"), ...[month, day].map((part) => String(part).padStart(2, "0"))];
  return parts.slice(0, month === 0 ? 1 : day === 0 ? 2 : 3).join("-");
}

function dateOf(time: Timestamp | undefined): Date | undefined {
  return time === undefined ? undefined : timestampDate(time);
}
