// SPDX-License-Identifier: Apache-2.0
import {
  type FetchReportResultRowsResponse,
  ReportService,
  type RunReportResponse,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { type Checks, checkOptions } from "../client/option-checks.js";
import { invalidOption, invalidValue } from "../errors/options.js";
import { type PageOptions, type PagesContext, pageChecks, readPages } from "./read-pages.js";
import { pageOf, type ReportRow, type ReportRowsPage, rowOf } from "./report-page.js";
import type { Int64, Int64Form } from "./report-value.js";

/** Options of `reportRows`. The call options apply to each page. */
export interface ReportRowsOptions<F extends Int64Form = Int64Form> extends PageOptions {
  /** Maximum rows per page, up to 10_000. The server may send fewer. @default 0, the server's default: 1_000 */
  readonly pageSize?: number | undefined;
  /** How integers of 64 bits appear. @default "bigint" */
  readonly int64?: F | undefined;
}

/** The rows of a result, fetched page by page as they are read. Iterating again fetches them again. */
export interface ReportRows<I extends bigint | string = bigint> extends AsyncIterable<ReportRow<I>> {
  /** The pages as the server sends them, empty ones included. */
  pages(): AsyncIterable<ReportRowsPage<I>>;
}

const METHOD = ReportService.method.fetchReportResultRows;
const RESULT = /^(networks\/[^/]+\/reports\/[^/]+)\/results\/[^/]+$/;
const MAX_PAGE_SIZE = 10_000;

/** The checks of {@link ReportRowsOptions}. */
export const ROWS_CHECKS: Checks<ReportRowsOptions> = { ...pageChecks(MAX_PAGE_SIZE), int64: true };

/** Long enough for a page of ten thousand rows. */
const PAGE_TIMEOUT_MS = 60_000;

/** The rows of a result; nothing is sent until they are read. */
export function createReportRows<F extends Int64Form = "bigint">(
  context: PagesContext,
  result: string | RunReportResponse,
  options: ReportRowsOptions<F>,
): ReportRows<Int64<F>> {
  const { name } = checkRowsOptions("reportRows", result, options, ROWS_CHECKS);
  const form = (options.int64 ?? "bigint") as F; // the default is that of the type parameter

  async function* pages() {
    let isFirst = (options.pageToken ?? "") === "";
    for await (const page of readRowPages(context, name, options)) {
      yield pageOf(page, { form, isFirst });
      isFirst = false;
    }
  }
  async function* rows() {
    // Row by row: the values of a page are garbage one after the other, and not kept until the page has been read.
    for await (const page of readRowPages(context, name, options)) {
      for (const row of page.rows) yield rowOf(row, form);
    }
  }
  return { pages, [Symbol.asyncIterator]: rows };
}

/** The pages of a result as the server sends them. */
export function readRowPages(
  context: PagesContext,
  result: string,
  { pageSize = 0, pageToken = "", int64: _form, ...callOptions }: ReportRowsOptions,
): AsyncGenerator<FetchReportResultRowsResponse, void> {
  const source = {
    method: METHOD,
    fetch: async (token: string) => {
      const request = { name: result, pageSize, pageToken: token };
      const { message } = await context.invoke(METHOD, request, callOptions, {
        idempotent: true, // only reads
        defaultTimeoutMs: PAGE_TIMEOUT_MS,
      });
      return message;
    },
    countOf: ({ rows }: FetchReportResultRowsResponse) => rows.length,
  };
  return readPages(context, source, { pageToken, signal: callOptions.signal });
}

/** The names of a result and of its report. */
export interface ResultNames {
  readonly name: string;
  readonly report: string;
}

/**
 * Checks the options of rows, and that a name is that of a result. A program in JavaScript may pass what `result()` of a run
 * without a response returned, or an outcome.
 *
 * @throws TypeError
 */
export function checkRowsOptions(
  owner: string,
  result: unknown,
  options: ReportRowsOptions,
  checks: Checks,
): ResultNames {
  checkOptions(owner, options, checks);
  const { int64 } = options;
  if (int64 !== undefined && int64 !== "bigint" && int64 !== "string") {
    throw invalidOption(
      `${owner}: int64: unknown form (got ${JSON.stringify(int64)}; expected "bigint" or "string")`,
    );
  }
  const isResponse = typeof result === "object" && result !== null && "reportResult" in result;
  const name = isResponse ? result.reportResult : result;
  const report = typeof name === "string" ? RESULT.exec(name)?.[1] : undefined;
  if (typeof name === "string" && report !== undefined) return { name, report };
  throw invalidValue(
    `${owner}: result`,
    name,
    "networks/*/reports/*/results/*, or the response of a run; only a run that succeeded has one",
  );
}
