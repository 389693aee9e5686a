// SPDX-License-Identifier: Apache-2.0
import type { Report } from "../../gen/google/ads/admanager/v1/report_messages_pb.js";
import {
  type ListReportsResponse,
  ReportService,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { CALL_CHECKS, type OperationCallOptions } from "../client/call-options.js";
import { type Checks, checkOptions, checkText } from "../client/option-checks.js";
import { invalidOption } from "../errors/options.js";
import { type PageOptions, type PagesContext, pageChecks, readPages } from "./read-pages.js";

/** Options of `listReports`. The call options apply to each page. */
export interface ListReportsOptions extends PageOptions {
  /** Maximum reports per page, up to 1_000. The server may send fewer. @default 0, the server's default: 50 */
  readonly pageSize?: number | undefined;
  /** A filter, as Ad Manager documents it: `displayName = "Daily"`. @default "", which lists all */
  readonly filter?: string | undefined;
  /** The order: `displayName desc`. @default "", which leaves it to the server */
  readonly orderBy?: string | undefined;
}

/** Saved reports, fetched page by page as they are read. Iterating again fetches them again. */
export interface ReportList extends AsyncIterable<Report> {
  /** The pages as the server sends them, empty ones included. */
  pages(): AsyncIterable<ListReportsResponse>;
}

const REPORT = /^networks\/[^/]+\/reports\/[^/]+$/;
const NETWORK = /^networks\/[^/]+$/;
const MAX_PAGE_SIZE = 1_000;
const LIST_CHECKS: Checks<ListReportsOptions> = {
  ...pageChecks(MAX_PAGE_SIZE),
  filter: checkText,
  orderBy: checkText,
};
const { getReport, listReports } = ReportService.method;

/** Reads a saved report. A read: it is retried. */
export async function fetchReport(
  { invoke }: PagesContext,
  name: string,
  options: OperationCallOptions,
): Promise<Report> {
  checkOptions("getReport", options, CALL_CHECKS);
  checkName("getReport: not the name of a report", name, REPORT, "networks/*/reports/*");
  return (await invoke(getReport, { name }, options, { idempotent: true })).message;
}

/** The saved reports of a network; nothing is sent until they are read. */
export function createReportList(
  context: PagesContext,
  network: string,
  options: ListReportsOptions,
): ReportList {
  checkOptions("listReports", options, LIST_CHECKS);
  checkName("listReports: not the name of a network", network, NETWORK, "networks/*");
  const { pageSize = 0, pageToken, filter = "", orderBy = "", ...callOptions } = options;
  const fetch = async (token: string) => {
    const request = { parent: network, pageSize, pageToken: token, filter, orderBy };
    return (await context.invoke(listReports, request, callOptions, { idempotent: true })).message;
  };
  const countOf = ({ reports }: ListReportsResponse) => reports.length;
  const pages = () =>
    readPages(context, { method: listReports, fetch, countOf }, { pageToken, signal: options.signal });
  async function* reports() {
    for await (const page of pages()) yield* page.reports;
  }
  return { pages, [Symbol.asyncIterator]: reports };
}

function checkName(problem: string, name: string, pattern: RegExp, expected: string): void {
  if (typeof name === "string" && pattern.test(name)) return;
  throw invalidOption(`${problem} (got ${JSON.stringify(name)}; expected ${expected})`);
}
