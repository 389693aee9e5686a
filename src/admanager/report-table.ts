// SPDX-License-Identifier: Apache-2.0
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import type { ReportDataTable_Row as RawRow } from "../../gen/google/ads/admanager/v1/report_messages_pb.js";
import {
  type FetchReportResultRowsResponse,
  ReportService,
  type RunReportResponse,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import type { Checks } from "../client/option-checks.js";
import { CallError } from "../errors/call-error.js";
import type { CallErrorInit } from "../errors/call-error-init.js";
import { invalidOption } from "../errors/options.js";
import { selectorOf } from "../names/method-name.js";
import { type CellOfKind, type ColumnKind, checkKinds, kindCellOf } from "./column-kind.js";
import type { PagesContext } from "./read-pages.js";
import { type ColumnReader, columnsOf, type ReportColumn } from "./report-columns.js";
import { headingOf, type ReportRowsPage } from "./report-page.js";
import { checkRowsOptions, type ReportRowsOptions, ROWS_CHECKS, readRowPages } from "./report-rows.js";
import type { Int64, Int64Form, ReportCell } from "./report-value.js";
import { fetchReport } from "./saved-reports.js";

/** The columns to read, each with the kind of its values. */
export type ReportColumnKinds = Readonly<Record<string, ColumnKind>>;

/** Options of `reportTable`. The call options apply to each request. */
export interface ReportTableOptions<
  F extends Int64Form = Int64Form,
  C extends ReportColumnKinds = ReportColumnKinds,
> extends ReportRowsOptions<F> {
  /**
   * The columns to read, and the kinds of their values, which become the type of a row: `{ DATE: "date", CLICKS: "int" }`.
   * A column that the table does not have, or a value of another kind, is an error.
   * @default all columns, of any kind
   */
  readonly columns?: C | undefined;
}

/** A row of a table: its values by the names of the columns. */
export type ReportTableRow<C extends ReportColumnKinds, I extends bigint | string> = string extends keyof C
  ? Readonly<Record<string, ReportCell<I>>>
  : { readonly [K in keyof C]: CellOfKind<C[K], I> | undefined };

/** A page of a table. */
export interface ReportTablePage<R> {
  /** The rows of the page. */
  readonly rows: readonly R[];
  /** For `pageToken`; `""` on the last page. */
  readonly nextPageToken: string;
}

/** A result as a table: its columns, and its rows, fetched page by page as they are read. */
export interface ReportTable<R>
  extends Pick<ReportRowsPage, "dateRanges" | "comparisonDateRanges" | "runTime"> {
  /** In the order of the report: dimensions, then for each date range metrics and flags. */
  readonly columns: readonly ReportColumn[];
  /** The rows of the result, all pages together. */
  readonly totalRowCount: number;
  /** The name of the report for people. */
  readonly displayName: string;
  /** Whether the report was changed after this run: its columns may be others than those of the rows. */
  readonly changedSinceRun: boolean;
  /** The rows. Reading them again fetches them again. */
  readonly rows: AsyncIterable<R>;
  /** The pages as the server sends them, empty ones included. */
  pages(): AsyncIterable<ReportTablePage<R>>;
}

const CHECKS: Checks<ReportTableOptions> = { ...ROWS_CHECKS, columns: true };

/** Reads the report's definition and the first page of a result, which name the columns. */
export async function openReportTable<F extends Int64Form, C extends ReportColumnKinds>(
  context: PagesContext,
  given: string | RunReportResponse,
  options: ReportTableOptions<F, C>,
): Promise<ReportTable<ReportTableRow<C, Int64<F>>>> {
  const { columns: kinds, ...rowsOptions } = options;
  const { name: result, report: reportName } = checkRowsOptions("reportTable", given, options, CHECKS);
  checkKinds(kinds);
  const { pageSize: _size, pageToken = "", int64 = "bigint", ...callOptions } = rowsOptions;
  const report = await fetchReport(context, reportName, callOptions);
  const { reportDefinition: definition, updateTime, displayName } = report;
  if (definition === undefined)
    throw tableError("the server sent a report without a definition", { code: Code.Internal });
  let opened: OpenedPages | undefined = await openPages(context, result, rowsOptions);
  const heading = pageToken === "" ? opened.first : await headingPage(context, result, rowsOptions);
  const { columns, misfitOf } = columnsOf(definition, heading);
  const chosen = chooseColumns(columns, kinds);
  const rowOf = (raw: RawRow, form: Int64Form) => {
    const misfit = misfitOf(raw);
    if (misfit !== undefined) {
      throw tableError(`a row has ${misfit}: the report was changed after the run, or is of another kind`, {
        advice: "run the report again, or read its rows with reportRows, which needs no columns",
      });
    }
    const row: Record<string, ReportCell<bigint | string>> = {};
    for (const { column, kind } of chosen) row[column.name] = cell(column, kind, raw, form);
    return row as ReportTableRow<C, Int64<F>>; // its names are the columns, and its values were checked by their kinds
  };
  async function* pages() {
    const { first, rest } = opened ?? (await openPages(context, result, rowsOptions));
    opened = undefined;
    for (
      let page: RawPage | undefined = first;
      page !== undefined;
      page = (await rest.next()).value ?? undefined
    ) {
      const { nextPageToken } = page;
      yield { rows: page.rows.map((raw) => rowOf(raw, int64)), nextPageToken };
    }
  }
  async function* rows() {
    for await (const page of pages()) yield* page.rows;
  }
  const { dateRanges, comparisonDateRanges, runTime, totalRowCount } = headingOf(heading);
  return {
    columns: chosen.map(({ column: { read: _, ...column } }) => column),
    totalRowCount,
    displayName,
    dateRanges,
    comparisonDateRanges,
    runTime,
    changedSinceRun: runTime !== undefined && updateTime !== undefined && timestampMs(updateTime) > +runTime,
    rows: { [Symbol.asyncIterator]: rows },
    pages,
  };
}

type RawPage = FetchReportResultRowsResponse;

/** A result whose first page has been read. */
interface OpenedPages {
  readonly first: RawPage;
  readonly rest: AsyncGenerator<RawPage, void>;
}

async function openPages(
  context: PagesContext,
  result: string,
  options: ReportRowsOptions,
): Promise<OpenedPages> {
  const rest = readRowPages(context, result, options);
  const { value: first } = await rest.next();
  if (first === undefined) throw tableError("the server sent no page", { code: Code.Internal });
  return { first, rest };
}

/** The beginning of the first page, which alone has the date ranges. */
async function headingPage(
  context: PagesContext,
  result: string,
  options: ReportRowsOptions,
): Promise<RawPage> {
  return (await openPages(context, result, { ...options, pageSize: 1, pageToken: "" })).first;
}

/** The columns to read, in the order of `kinds`, or all. */
function chooseColumns(columns: readonly ColumnReader[], kinds: ReportColumnKinds | undefined) {
  if (kinds === undefined) return columns.map((column) => ({ column, kind: "any" as const }));
  return Object.entries(kinds).map(([name, kind]) => {
    const column = columns.find((one) => one.name === name);
    if (column !== undefined) return { column, kind };
    const known = columns.map((one) => one.name).join(", ");
    throw invalidOption(
      `reportTable: columns: no such column (got ${JSON.stringify(name)}; expected ${known})`,
    );
  });
}

function cell(column: ColumnReader, kind: ColumnKind, raw: RawRow, form: Int64Form) {
  try {
    return kindCellOf(column.read(raw), kind, form);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw tableError(`column ${column.name}: not of the kind ${kind}: ${cause.message}`, {
      advice: `ask for ${column.name} as another kind`,
    });
  }
}

function tableError(
  problem: string,
  { code = Code.FailedPrecondition, advice }: Pick<Partial<CallErrorInit>, "code" | "advice">,
): CallError {
  return new CallError({
    code,
    advice,
    message: problem,
    method: selectorOf(ReportService.method.fetchReportResultRows),
    requestSent: true,
  });
}
