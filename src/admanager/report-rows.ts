// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import {
  ReportService,
  type RunReportResponse,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import type { Invoke } from "../client/call.js";
import { CALL_OPTION_KEYS, checkOptions, type OperationCallOptions } from "../client/call-options.js";
import { EMPTY_PAGES } from "../client/operation-list.js";
import { CallError } from "../errors/call-error.js";
import { checkNumber, invalidOption, invalidValue } from "../errors/options.js";
import { selectorOf } from "../names/method-name.js";
import { pauseCall } from "../retry/attempts.js";
import { backoffMs } from "../retry/backoff.js";
import type { Clock } from "../time/clock.js";
import { pageOf, type ReportRow, type ReportRowsPage } from "./report-page.js";
import type { Int64, Int64Form } from "./report-value.js";

/** Options of `reportRows`. The call options apply to each page. */
export interface ReportRowsOptions<F extends Int64Form = Int64Form> extends OperationCallOptions {
  /** Maximum rows per page, up to 10_000. The server may send fewer. @default 0, the server's default: 1_000 */
  readonly pageSize?: number | undefined;
  /** Continues from the `nextPageToken` of an earlier page, e.g. after an error. @default "", the first page */
  readonly pageToken?: string | undefined;
  /** How integers of 64 bits appear. @default "bigint" */
  readonly int64?: F | undefined;
}

/** The rows of a result, fetched page by page as they are read. Iterating again fetches them again. */
export interface ReportRows<I extends bigint | string = bigint> extends AsyncIterable<ReportRow<I>> {
  /** The pages as the server sends them, empty ones included. */
  pages(): AsyncIterable<ReportRowsPage<I>>;
}

const OPTION_KEYS = {
  ...CALL_OPTION_KEYS,
  pageSize: true,
  pageToken: true,
  int64: true,
} as const satisfies Record<keyof ReportRowsOptions, true>;

const METHOD = ReportService.method.fetchReportResultRows;
const RESULT = /^networks\/[^/]+\/reports\/[^/]+\/results\/[^/]+$/;
const MAX_PAGE_SIZE = 10_000;
/** Long enough for a page of ten thousand rows. */
const PAGE_TIMEOUT_MS = 60_000;
/** Empty pages in a row, about five minutes of them, before reading fails. */
const MAX_EMPTY_PAGES = 64;

/** Dependencies of {@link createReportRows}. */
export interface RowsContext {
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly random: () => number;
}

/** The rows of a result; nothing is sent until they are read. */
export function createReportRows<F extends Int64Form = "bigint">(
  context: RowsContext,
  result: string | RunReportResponse,
  options: ReportRowsOptions<F>,
): ReportRows<Int64<F>> {
  checkOptions("reportRows", options, OPTION_KEYS);
  const { pageSize = 0, pageToken: firstToken = "", int64, ...callOptions } = options;
  checkNumber("reportRows: pageSize", pageSize, { min: 0, max: MAX_PAGE_SIZE, whole: true });
  const form = int64FormOf(int64) as F; // the default is that of the type parameter
  const name = resultName(result);
  const { invoke, clock, random } = context;
  const paused = { clock, signal: options.signal, method: METHOD, operationName: undefined, attempts: 1 };

  async function* pages() {
    const seen = new Set([firstToken]);
    let emptyPages = 0;
    for (let pageToken = firstToken; ; ) {
      const { message } = await invoke(METHOD, { name, pageSize, pageToken }, callOptions, {
        idempotent: true, // only reads
        defaultTimeoutMs: PAGE_TIMEOUT_MS,
      });
      yield pageOf(message, { form, isFirst: pageToken === "" });
      pageToken = message.nextPageToken;
      if (pageToken === "") return;
      if (seen.has(pageToken)) throw rowsError("the server returned a page token that it gave before");
      seen.add(pageToken);
      emptyPages = message.rows.length > 0 ? 0 : emptyPages + 1;
      if (emptyPages > MAX_EMPTY_PAGES) throw rowsError("the server sends nothing but empty pages");
      if (emptyPages > 1) await pauseCall(backoffMs(EMPTY_PAGES, emptyPages - 2, random), paused);
    }
  }
  async function* rows() {
    for await (const page of pages()) yield* page.rows;
  }
  return { pages, [Symbol.asyncIterator]: rows };
}

/** A program in JavaScript may pass what `result()` of a run without a response returned, or an outcome. */
function resultName(result: unknown): string {
  const isResponse = typeof result === "object" && result !== null && "reportResult" in result;
  const name = isResponse ? result.reportResult : result;
  if (typeof name === "string" && RESULT.test(name)) return name;
  throw invalidValue(
    "reportRows: result",
    name,
    "networks/*/reports/*/results/*, or the response of a run; only a run that succeeded has one",
  );
}

function int64FormOf(form: Int64Form | undefined): Int64Form {
  if (form === undefined || form === "bigint" || form === "string") return form ?? "bigint";
  throw invalidOption(
    `reportRows: int64: unknown form (got ${JSON.stringify(form)}; expected "bigint" or "string")`,
  );
}

function rowsError(problem: string): CallError {
  return new CallError({
    code: Code.Internal,
    message: `${problem}: the rows would never end`,
    method: selectorOf(METHOD),
    requestSent: true,
  });
}
