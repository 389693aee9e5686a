// SPDX-License-Identifier: Apache-2.0
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ReportDataTable_RowSchema } from "../../../gen/google/ads/admanager/v1/report_messages_pb.js";
import {
  type FetchReportResultRowsRequest,
  type FetchReportResultRowsResponse,
  FetchReportResultRowsResponseSchema,
} from "../../../gen/google/ads/admanager/v1/report_service_pb.js";
import { shorten } from "../../names/shorten.js";

type RowInit = MessageInitShape<typeof ReportDataTable_RowSchema>;

/**
 * The rows of the results that runs have made: rows, or the number of rows to generate. A function returns either for the
 * name of any result, made or not.
 */
export type ReportRowsScript =
  | number
  | readonly RowInit[]
  | ((result: string) => number | readonly RowInit[]);

const RESULT = /^networks\/[^/]+\/reports\/[^/]+\/results\/[^/]+$/;
const DEFAULT_PAGE_SIZE = 1_000;
const MAX_PAGE_SIZE = 10_000;
const MAX_ROWS = 0x7fff_ffff; // int32, as total_row_count
/** The dates of generated rows: fixed, so that they are the same in every run. */
const RUN_TIME = timestampFromMs(Date.UTC(2026, 0, 31, 12));
const DATE_RANGES = [
  { startDate: { year: 2026, month: 1, day: 1 }, endDate: { year: 2026, month: 1, day: 31 } },
];
const COMPARED = [
  { startDate: { year: 2025, month: 12, day: 1 }, endDate: { year: 2025, month: 12, day: 31 } },
];

/** Rejects an invalid number of rows. @throws TypeError */
export function checkRows<T extends ReportRowsScript>(rows: T): T {
  if (typeof rows !== "number" || (Number.isInteger(rows) && rows >= 0 && rows <= MAX_ROWS)) return rows;
  throw new TypeError(`reportRows: not a number of rows (got ${rows}; expected 0 to ${MAX_ROWS})`);
}

/**
 * A page of a result, as in Ad Manager: 1,000 rows by default, at most 10,000; the date ranges and the total number of
 * rows on the first page only.
 *
 * @throws ConnectError `NotFound` for a result that no run has made; `InvalidArgument` for an invalid name or size, or a
 * token that is not from this server
 */
export function rowsPage(
  script: ReportRowsScript,
  { name, pageSize, pageToken }: FetchReportResultRowsRequest,
  isMade: (result: string) => boolean,
): FetchReportResultRowsResponse {
  if (!RESULT.test(name)) throw invalid("name is not a result: expected networks/*/reports/*/results/*.");
  if (pageSize < 0) throw invalid("page_size is negative.");
  if (typeof script !== "function" && !isMade(name)) {
    throw new ConnectError(
      `Report result ${JSON.stringify(shorten(name, 200))} was not found: no run has made it.`,
      Code.NotFound,
    );
  }
  const rows = typeof script === "function" ? checkRows(script(name)) : script;
  const total = typeof rows === "number" ? rows : rows.length;
  const from = pageToken === "" ? 0 : offsetOf(pageToken, total);
  const to = Math.min(total, from + (pageSize === 0 ? DEFAULT_PAGE_SIZE : Math.min(pageSize, MAX_PAGE_SIZE)));
  const page = typeof rows === "number" ? madeRows(from, to) : rows.slice(from, to);
  return create(FetchReportResultRowsResponseSchema, {
    rows: page,
    runTime: RUN_TIME,
    ...(from === 0 && { dateRanges: DATE_RANGES, comparisonDateRanges: COMPARED, totalRowCount: total }),
    nextPageToken: to < total ? tokenOf(to) : "",
  });
}

/** Opaque to clients, with a prefix that distinguishes it from tokens of other kinds. */
function tokenOf(offset: number): string {
  return `rows-${offset.toString(36)}`;
}

function offsetOf(token: string, total: number): number {
  const offset = Number.parseInt(/^rows-([0-9a-z]{1,10})$/.exec(token)?.[1] ?? "", 36);
  if (offset > 0 && offset < total && tokenOf(offset) === token) return offset;
  throw invalid("page_token is not one of this result.");
}

/** Rows with a value of every kind, including those that are difficult in JSON and CSV; each depends only on its number. */
function madeRows(from: number, to: number): RowInit[] {
  return Array.from({ length: to - from }, (_, index) => madeRow(from + index));
}

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

function invalid(message: string): ConnectError {
  return new ConnectError(message, Code.InvalidArgument);
}
