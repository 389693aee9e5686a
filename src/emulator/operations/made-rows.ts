// SPDX-License-Identifier: Apache-2.0
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ReportDataTable_RowSchema } from "../../../gen/google/ads/admanager/v1/report_messages_pb.js";
import type { ReportValueSchema } from "../../../gen/google/ads/admanager/v1/report_value_pb.js";

/** A row, as `create` takes it. */
export type RowInit = MessageInitShape<typeof ReportDataTable_RowSchema>;
type ValueInit = MessageInitShape<typeof ReportValueSchema>;

/** The columns of generated rows. */
export interface MadeColumns {
  readonly dimensions: readonly string[];
  readonly metrics: readonly string[];
  /** The names of flags. */
  readonly flags: readonly string[];
}

/** The columns of a report without a script: its rows have a value of every kind. */
export const MADE_COLUMNS: MadeColumns = {
  dimensions: [
    "LINE_ITEM_ID",
    "LINE_ITEM_NAME",
    "DATE",
    "LINE_ITEM_ARCHIVED",
    "ADVERTISER_LABEL_IDS",
    "ADVERTISER_LABELS",
    "CUSTOM_DIMENSION_0_VALUE",
    "CUSTOM_DIMENSION_1_VALUE",
    "CUSTOM_DIMENSION_2_VALUE",
  ],
  metrics: ["AD_SERVER_IMPRESSIONS", "AD_SERVER_CTR"],
  flags: ["RED"],
};

/** Rows for some columns; each depends only on its number. */
export function madeRows(columns: MadeColumns, from: number, to: number): RowInit[] {
  const make = columns === MADE_COLUMNS ? madeRow : rowFor;
  return Array.from({ length: to - from }, (_, index) => make(from + index, columns));
}

/** A value of every kind, including those that are difficult in JSON and CSV. */
function madeRow(row: number): RowInit {
  const clicks = BigInt(row);
  return {
    dimensionValues: [
      { value: { case: "intValue", value: 9_223_372_036_854_775_807n - clicks } },
      { value: { case: "stringValue", value: row % 10 === 3 ? '=1+1, "quoted"' : `Line item ${row}` } },
      { value: { case: "intValue", value: 20_260_101n + BigInt(row % 31) } },
      { value: { case: "boolValue", value: row % 2 === 0 } },
      { value: { case: "intListValue", value: { values: [clicks, -clicks] } } },
      { value: { case: "stringListValue", value: { values: ["a", `b${row}`] } } },
      { value: { case: "doubleListValue", value: { values: [0.5, row / 4] } } },
      { value: { case: "bytesValue", value: Uint8Array.of(row & 255) } },
      {}, // no value
    ],
    metricValueGroups: [
      {
        primaryValues: [
          { value: { case: "intValue", value: clicks * 3n } },
          { value: { case: "doubleValue", value: row / 8 } },
        ],
        primaryPercentOfTotalValues: [{ value: { case: "doubleValue", value: 0.25 } }, {}],
        comparisonValues: [{ value: { case: "intValue", value: clicks * 2n } }, {}],
        absoluteChangeValues: [{ value: { case: "intValue", value: clicks } }, {}],
        relativeChangeValues: [{ value: { case: "doubleValue", value: 0.5 } }, {}],
        flagValues: [row % 5 === 0],
      },
    ],
  };
}

function rowFor(row: number, { dimensions, metrics }: MadeColumns): RowInit {
  return {
    dimensionValues: dimensions.map((name) => dimensionOf(name, row)),
    metricValueGroups: [{ primaryValues: metrics.map((name) => metricOf(name, row)) }],
  };
}

/** A value of the kind that the name of a dimension suggests. */
function dimensionOf(name: string, row: number): ValueInit {
  if (/(^|_)DATE$/.test(name)) return { value: { case: "intValue", value: 20_260_101n + BigInt(row % 31) } };
  if (/_ID$/.test(name)) return { value: { case: "intValue", value: 1_000_000n + BigInt(row) } };
  return { value: { case: "stringValue", value: `${name.toLowerCase()} ${row}` } };
}

function metricOf(name: string, row: number): ValueInit {
  if (/_(CTR|RATE|PERCENT|ECPM)$/.test(name)) return { value: { case: "doubleValue", value: row / 8 } };
  return { value: { case: "intValue", value: BigInt(row) * 3n } };
}
