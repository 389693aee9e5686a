// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type FetchReportResultRowsRequest,
  type FetchReportResultRowsResponse,
  FetchReportResultRowsResponseSchema,
} from "../../../gen/google/ads/admanager/v1/report_service_pb.js";
import { shorten } from "../../names/shorten.js";
import { type MadeColumns, madeRows, type RowInit } from "./made-rows.js";

/** Rows, or the number of rows to generate. */
export type ReportRows = number | readonly RowInit[];

/**
 * The rows of the results that runs have made: rows, or the number of rows to generate. A function returns either for the
 * name of any result, made or not.
 */
export type ReportRowsScript = ReportRows | ((result: string) => ReportRows);

const RESULT = /^(networks\/[^/]+\/reports\/[^/]+)\/results\/[^/]+$/;
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
  if (typeof rows === "function" || Array.isArray(rows)) return rows;
  if (Number.isInteger(rows) && Number(rows) >= 0 && Number(rows) <= MAX_ROWS) return rows;
  throw new TypeError(
    `reportRows: not a number of rows (got ${typeof rows === "number" ? rows : typeof rows}; expected 0 to ${MAX_ROWS}, rows, or a function)`,
  );
}

/** The name of a result's report. @throws ConnectError `InvalidArgument` */
export function reportOf(result: string): string {
  const report = RESULT.exec(result)?.[1];
  if (report !== undefined) return report;
  throw invalid("name is not a result: expected networks/*/reports/*/results/*.");
}

/**
 * A page of a result, as in Ad Manager: 1,000 rows by default, at most 10,000; the date ranges and the total number of
 * rows on the first page only.
 *
 * @throws ConnectError `NotFound` for a result that no run has made; `InvalidArgument` for an invalid size, or a token
 * that is not from this server
 */
export function rowsPage(
  script: ReportRowsScript,
  columns: MadeColumns,
  { name, pageSize, pageToken }: FetchReportResultRowsRequest,
  isMade: (result: string) => boolean,
): FetchReportResultRowsResponse {
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
  const page = typeof rows === "number" ? madeRows(columns, from, to) : rows.slice(from, to);
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

function invalid(message: string): ConnectError {
  return new ConnectError(message, Code.InvalidArgument);
}
