// SPDX-License-Identifier: Apache-2.0
import type { ReportDefinition } from "../../gen/google/ads/admanager/v1/report_definition_pb.js";
import type { ReportDataTable_Row as RawRow } from "../../gen/google/ads/admanager/v1/report_messages_pb.js";
import type { FetchReportResultRowsResponse } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import type { ReportValue } from "../../gen/google/ads/admanager/v1/report_value_pb.js";
import { type ReportDateRange, type ReportMetrics, rangeOf } from "./report-page.js";

/** A column of a report's table. */
export interface ReportColumn {
  /**
   * Unique in the table. For a dimension or a metric its name in the API, `DATE` or `AD_SERVER_IMPRESSIONS`; for another
   * value of a metric with its kind, `AD_SERVER_IMPRESSIONS.comparison`; for a flag `flag.RED`. With several date ranges,
   * the range follows: `AD_SERVER_IMPRESSIONS 2026-01-01/2026-03-31`.
   */
  readonly name: string;
  /** What the column is in the report's definition. */
  readonly role: "dimension" | "metric" | "flag";
  /** The name of the dimension, metric or flag in the report's definition. */
  readonly field: string;
  /** Which value of the metric; `undefined` for a dimension. */
  readonly values: keyof ReportMetrics | undefined;
  /** The date range of a metric or flag, if the result names it. */
  readonly dateRange: ReportDateRange | undefined;
}

/** A column, and how its value is found in a row. */
export interface ColumnReader extends ReportColumn {
  read(row: RawRow): ReportValue | boolean | undefined;
}

type Values = Exclude<keyof ReportMetrics, "flags">;

const FIELDS = {
  primary: "primaryValues",
  primaryPercentOfTotal: "primaryPercentOfTotalValues",
  comparison: "comparisonValues",
  comparisonPercentOfTotal: "comparisonPercentOfTotalValues",
  absoluteChange: "absoluteChangeValues",
  relativeChange: "relativeChangeValues",
} as const satisfies Record<Values, string>;
const KINDS = Object.entries(FIELDS) as [Values, (typeof FIELDS)[Values]][]; // its keys are these

/** The columns of a result. */
export interface ReportColumns {
  /** In the order of a row. */
  readonly columns: readonly ColumnReader[];
  /** What of a row has no column, such as a third dimension where the report has two; `undefined` if nothing. */
  misfitOf(row: RawRow): string | undefined;
}

/** The columns of a report's definition, with the values that the rows of the first page have of each metric. */
export function columnsOf(
  { dimensions, metrics, flags }: ReportDefinition,
  { rows, dateRanges }: FetchReportResultRowsResponse,
): ReportColumns {
  const nameOnce = uniqueNames();
  const ofDimensions = dimensions.map((field, at): ColumnReader => {
    const read = (row: RawRow) => row.dimensionValues[at];
    return { name: nameOnce(field), role: "dimension", field, values: undefined, dateRange: undefined, read };
  });
  const ranges = dateRanges.map(rangeOf);
  const groupCount = Math.max(1, ranges.length, ...rows.map((row) => row.metricValueGroups.length));
  const groups = Array.from({ length: groupCount }, (_, group) => ({
    group,
    dateRange: ranges[group],
    suffix: groupCount === 1 ? "" : ` ${intervalOf(ranges[group]) ?? group + 1}`,
    kinds: KINDS.filter(
      ([kind, list]) =>
        kind === "primary" || rows.some((row) => (row.metricValueGroups[group]?.[list].length ?? 0) > 0),
    ),
  }));
  const ofGroups = groups.flatMap(({ group, dateRange, suffix, kinds }) => [
    ...kinds.flatMap(([kind, list]) =>
      metrics.map((field, at): ColumnReader => {
        const name = nameOnce(`${field}${kind === "primary" ? "" : `.${kind}`}${suffix}`);
        const read = (row: RawRow) => row.metricValueGroups[group]?.[list][at];
        return { name, role: "metric", field, values: kind, dateRange, read };
      }),
    ),
    ...flags.map(({ name: field }, at): ColumnReader => {
      const read = (row: RawRow) => row.metricValueGroups[group]?.flagValues[at];
      return {
        name: nameOnce(`flag.${field}${suffix}`),
        role: "flag",
        field,
        values: "flags",
        dateRange,
        read,
      };
    }),
  ]);
  const misfitOf = (row: RawRow) => {
    if (row.dimensionValues.length > dimensions.length) {
      return `${row.dimensionValues.length} dimensions (the report has ${dimensions.length})`;
    }
    for (const [at, values] of row.metricValueGroups.entries()) {
      const known = groups[at]?.kinds;
      if (known === undefined)
        return `${row.metricValueGroups.length} date ranges (the result has ${groupCount})`;
      for (const kind of KINDS) {
        const { length } = values[kind[1]];
        if (length > metrics.length) return `${length} metrics (the report has ${metrics.length})`;
        if (length > 0 && !known.includes(kind)) return `${kind[0]} values (the first page has none)`;
      }
      if (values.flagValues.length > flags.length) {
        return `${values.flagValues.length} flags (the report has ${flags.length})`;
      }
    }
    return undefined;
  };
  return { columns: [...ofDimensions, ...ofGroups], misfitOf };
}

/** A date range as an interval of ISO 8601. */
function intervalOf(range: ReportDateRange | undefined): string | undefined {
  return range && `${range.start}/${range.end}`;
}

/** Names each column once; a name that was given already gets a number. */
function uniqueNames(): (wanted: string) => string {
  const taken = new Set(["__proto__"]); // a row is an object
  return (wanted) => {
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted} (${count})`;
    taken.add(name);
    return name;
  };
}
