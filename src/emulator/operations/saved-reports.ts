// SPDX-License-Identifier: Apache-2.0
import { create, toJson } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Report, ReportSchema } from "../../../gen/google/ads/admanager/v1/report_messages_pb.js";
import type { ListReportsRequest } from "../../../gen/google/ads/admanager/v1/report_service_pb.js";
import { invalidValue, rejectUnknownKeys } from "../../errors/options.js";
import { matchesFilter } from "../filter/filter.js";
import { parseFilter } from "../filter/parser.js";
import { checkTexts } from "../option-check.js";
import { MADE_COLUMNS, type MadeColumns } from "./made-rows.js";
import { fromPageToken, toPageToken } from "./page.js";
import { checkRows, type ReportRows } from "./report-rows.js";

/** A saved report: its columns, and the rows of each of its results. */
export interface ReportScript {
  /** The name, `networks/{network}/reports/{report}`. */
  readonly name: string;
  /** The name for people. @default "" */
  readonly displayName?: string | undefined;
  /** The names of its dimensions, such as `DATE`. @default none; without metrics too, those of the generated rows */
  readonly dimensions?: readonly string[] | undefined;
  /** The names of its metrics, such as `AD_SERVER_IMPRESSIONS`. @default as for the dimensions */
  readonly metrics?: readonly string[] | undefined;
  /** The rows of every result, run or not: rows, or the number of rows to generate for these columns. @default `reportRows` */
  readonly rows?: ReportRows | undefined;
}

/** The reports of a simulation. */
export interface SavedReports {
  /** The report of a name. @throws ConnectError `NotFound`, if there are scripted ones and this is none of them */
  get(name: string): Report;
  /** The scripted rows of a report, if there are any. */
  rowsOf(name: string): ReportRows | undefined;
  columnsOf(name: string): MadeColumns;
  /** A page of the scripted reports of a network. */
  list(request: ListReportsRequest): { reports: Report[]; nextPageToken: string };
}

const REPORT = /^networks\/[^/]+\/reports\/([^/]+)$/;
const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1_000;
const OPTION_KEYS = {
  name: true,
  displayName: true,
  dimensions: true,
  metrics: true,
  rows: true,
} as const satisfies Record<keyof ReportScript, true>;

/** Checks scripted reports. @throws TypeError that names the invalid one */
export function checkReports(reports: readonly ReportScript[]): readonly ReportScript[] {
  const names = new Set<string>();
  for (const [at, report] of reports.entries()) {
    rejectUnknownKeys(`reports[${at}]`, report, OPTION_KEYS);
    const { name, displayName = "", dimensions = [], metrics = [], rows = 0 } = report;
    if (typeof name !== "string" || !REPORT.test(name))
      throw invalidValue(`reports[${at}].name`, name, "networks/*/reports/*");
    if (typeof displayName !== "string")
      throw invalidValue(`reports[${at}].displayName`, displayName, "text");
    checkTexts(`reports[${at}].dimensions`, dimensions);
    checkTexts(`reports[${at}].metrics`, metrics);
    if (names.has(name)) throw new TypeError(`reports[${at}].name: ${name} is there twice`);
    names.add(name);
    if (![...dimensions, ...metrics].every((column) => /^[A-Z][A-Z0-9_]*$/.test(column))) {
      throw new TypeError(
        `reports[${at}]: not the name of a dimension or metric (expected one such as DATE)`,
      );
    }
    checkRows(rows);
  }
  return reports;
}

/** The reports of a simulation: those of the script, or without any, a report of every name. */
export function createSavedReports(scripts: readonly ReportScript[]): SavedReports {
  const scripted = new Map(scripts.map((script) => [script.name, script]));
  const columnsOf = (name: string) => {
    const { dimensions, metrics } = scripted.get(name) ?? {};
    if (dimensions === undefined && metrics === undefined) return MADE_COLUMNS;
    return { dimensions: dimensions ?? [], metrics: metrics ?? [], flags: [] };
  };
  const get = (name: string): Report => {
    const id = REPORT.exec(name)?.[1];
    if (id === undefined) throw invalid("name is not a report: expected networks/*/reports/*.");
    if (scripted.size > 0 && !scripted.has(name)) throw new ConnectError(`${name} not found.`, Code.NotFound);
    const { dimensions, metrics, flags } = columnsOf(name);
    return create(ReportSchema, {
      name,
      reportId: /^\d{1,18}$/.test(id) ? BigInt(id) : 0n,
      displayName: scripted.get(name)?.displayName ?? "",
      reportDefinition: {
        dimensions: [...dimensions],
        metrics: [...metrics],
        flags: flags.map((flag) => ({ name: flag })),
      },
    });
  };
  return {
    get,
    columnsOf,
    rowsOf: (name) => scripted.get(name)?.rows,
    list: ({ parent, filter, orderBy, pageSize, pageToken, skip }) => {
      if (pageSize < 0 || skip < 0) throw invalid("page_size or skip is negative.");
      if (orderBy !== "") throw invalid("order_by is not simulated.");
      const condition = parseFilter(filter);
      const question = { parent, filter };
      const found = [...scripted.keys()]
        .filter((name) => name.startsWith(`${parent}/`))
        .map(get)
        .filter(
          (report) => condition === undefined || matchesFilter(condition, toJson(ReportSchema, report)),
        );
      const from = Math.max(0, fromPageToken(pageToken, question)) + skip;
      const to = from + Math.min(pageSize === 0 ? DEFAULT_PAGE_SIZE : pageSize, MAX_PAGE_SIZE);
      return {
        reports: found.slice(from, to),
        nextPageToken: to < found.length ? toPageToken(to, question) : "",
      };
    },
  };
}

function invalid(message: string): ConnectError {
  return new ConnectError(message, Code.InvalidArgument);
}
