// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { ReportSchema } from "../../gen/google/ads/admanager/v1/report_messages_pb.js";
import {
  FetchReportResultRowsResponseSchema,
  ReportService,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { all, clientOf, FETCH, RESULT } from "./fake-reports.js";

const int = (value: bigint) => ({ value: { case: "intValue" as const, value } });
const text = (value: string) => ({ value: { case: "stringValue" as const, value } });

test("a table has the columns of the report, and a row for each row by their names", async () => {
  const { client, fake } = clientOf({ reportRows: () => 2_500 });
  const table = await client.reportTable(RESULT, { pageSize: 1_000 });
  expect(fake.calls.map(({ method = "" }) => method.split(".").at(-1))).toEqual([
    "GetReport",
    "FetchReportResultRows",
  ]);
  expect(table.columns.map(({ name }) => name)).toEqual([
    "LINE_ITEM_ID",
    "LINE_ITEM_NAME",
    "DATE",
    "LINE_ITEM_ARCHIVED",
    "ADVERTISER_LABEL_IDS",
    "ADVERTISER_LABELS",
    "CUSTOM_DIMENSION_0_VALUE",
    "CUSTOM_DIMENSION_1_VALUE",
    "CUSTOM_DIMENSION_2_VALUE",
    "AD_SERVER_IMPRESSIONS",
    "AD_SERVER_CTR",
    "AD_SERVER_IMPRESSIONS.primaryPercentOfTotal",
    "AD_SERVER_CTR.primaryPercentOfTotal",
    "AD_SERVER_IMPRESSIONS.comparison",
    "AD_SERVER_CTR.comparison",
    "AD_SERVER_IMPRESSIONS.absoluteChange",
    "AD_SERVER_CTR.absoluteChange",
    "AD_SERVER_IMPRESSIONS.relativeChange",
    "AD_SERVER_CTR.relativeChange",
    "flag.RED",
  ]);
  expect(table.columns[0]).toEqual({
    name: "LINE_ITEM_ID",
    role: "dimension",
    field: "LINE_ITEM_ID",
    values: undefined,
    dateRange: undefined,
  });
  expect(table.columns[13]).toEqual({
    name: "AD_SERVER_IMPRESSIONS.comparison",
    role: "metric",
    field: "AD_SERVER_IMPRESSIONS",
    values: "comparison",
    dateRange: { start: "2026-01-01", end: "2026-01-31" },
  });
  expect(table).toMatchObject({ totalRowCount: 2_500, changedSinceRun: false });
  const rows = await all(table.rows);
  expect(rows).toHaveLength(2_500);
  expect(rows[3]).toEqual({
    LINE_ITEM_ID: 9223372036854775804n,
    LINE_ITEM_NAME: '=1+1, "quoted"',
    DATE: 20260104n,
    LINE_ITEM_ARCHIVED: false,
    ADVERTISER_LABEL_IDS: [3n, -3n],
    ADVERTISER_LABELS: ["a", "b3"],
    CUSTOM_DIMENSION_0_VALUE: [0.5, 0.75],
    CUSTOM_DIMENSION_1_VALUE: Uint8Array.of(3),
    CUSTOM_DIMENSION_2_VALUE: undefined,
    AD_SERVER_IMPRESSIONS: 9n,
    AD_SERVER_CTR: 0.375,
    "AD_SERVER_IMPRESSIONS.primaryPercentOfTotal": 0.25,
    "AD_SERVER_CTR.primaryPercentOfTotal": undefined,
    "AD_SERVER_IMPRESSIONS.comparison": 6n,
    "AD_SERVER_CTR.comparison": undefined,
    "AD_SERVER_IMPRESSIONS.absoluteChange": 3n,
    "AD_SERVER_CTR.absoluteChange": undefined,
    "AD_SERVER_IMPRESSIONS.relativeChange": 0.5,
    "AD_SERVER_CTR.relativeChange": undefined,
    "flag.RED": false,
  });
  expect(fake.calls).toHaveLength(4); // the first page is not fetched again
  expect(await all(table.rows)).toHaveLength(2_500);
});

test("chosen columns have the type of their kinds", async () => {
  const { client } = clientOf({ reportRows: () => 4 });
  const table = await client.reportTable(RESULT, {
    int64: "string",
    columns: {
      DATE: "date",
      LINE_ITEM_ID: "int",
      AD_SERVER_IMPRESSIONS: "number",
      ADVERTISER_LABELS: "string[]",
      "flag.RED": "boolean",
      CUSTOM_DIMENSION_2_VALUE: "any",
    },
  });
  expect(table.columns.map(({ name }) => name).slice(0, 2)).toEqual(["DATE", "LINE_ITEM_ID"]);
  const [row] = await all(table.rows);
  const day: string | undefined = row?.DATE;
  const id: string | undefined = row?.LINE_ITEM_ID;
  const impressions: number | undefined = row?.AD_SERVER_IMPRESSIONS;
  const labels: readonly string[] | undefined = row?.ADVERTISER_LABELS;
  expect([day, id, impressions, labels, row?.["flag.RED"], row?.CUSTOM_DIMENSION_2_VALUE]).toEqual([
    "2026-01-01",
    "9223372036854775807",
    0,
    ["a", "b0"],
    true,
    undefined,
  ]);
});

test.each<[string, Readonly<Record<string, "int" | "date" | "number" | "string" | "boolean">>, string]>([
  ["text in place of an integer", { LINE_ITEM_NAME: "int" }, "column LINE_ITEM_NAME: not of the kind int"],
  ["an integer that is no day", { LINE_ITEM_ID: "date" }, "an integer that is no date"],
  ["an integer that no number holds", { LINE_ITEM_ID: "number" }, "beyond 2^53"],
  ["a flag as text", { "flag.RED": "string" }, "a flag (expected the kind boolean)"],
])("%s is an error that names the column, without the value", async (_, columns, problem) => {
  const { client } = clientOf({ reportRows: () => 1 });
  const table = await client.reportTable(RESULT, { columns });
  const error = await all(table.rows).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: Code.FailedPrecondition,
    message: expect.stringContaining(problem),
  });
  expect(String(error)).not.toMatch(/Line item|9223372036854775807/);
});

test.each<[string, string, object, string]>([
  [
    "a column that is not there",
    RESULT,
    { columns: { CLICKS: "int" } },
    'no such column (got "CLICKS"; expected LINE_ITEM_ID',
  ],
  [
    "a kind that is none",
    RESULT,
    { columns: { DATE: "day" } },
    'unknown kind of "DATE" (got "day"; expected int, number',
  ],
  ["a name of something else", "networks/1/reports/2", {}, "reportTable: result: "],
  ["an unknown option", RESULT, { column: {} }, 'unknown option "column"'],
])("%s is a TypeError", async (_, result, options, problem) => {
  const { client } = clientOf({ reportRows: () => 1 });
  const opening = client.reportTable(result, options);
  await expect(opening).rejects.toThrow(TypeError);
  await expect(client.reportTable(result, options)).rejects.toThrow(problem);
});

/** A server with one report, and a result with these pages. */
function serving(
  definition: { dimensions: string[]; metrics: string[]; flags?: { name: string }[] },
  page: Parameters<typeof create<typeof FetchReportResultRowsResponseSchema>>[1],
  updateTime?: Date,
) {
  const { client, fake } = clientOf();
  fake.serve(ReportService, {
    getReport: ({ name }) =>
      create(ReportSchema, {
        name,
        displayName: "Daily",
        reportDefinition: definition,
        ...(updateTime !== undefined && { updateTime: timestampFromDate(updateTime) }),
      }),
    fetchReportResultRows: () => create(FetchReportResultRowsResponseSchema, page),
  });
  return client;
}

const range = (month: number) => ({
  startDate: { year: 2026, month, day: 1 },
  endDate: { year: 2026, month, day: 28 },
});

test("several date ranges are columns of their own", async () => {
  const client = serving(
    { dimensions: ["DATE"], metrics: ["CLICKS"] },
    {
      dateRanges: [range(1), range(2)],
      rows: [
        {
          dimensionValues: [int(20260101n)],
          metricValueGroups: [
            { primaryValues: [int(1n)], comparisonValues: [int(3n)] },
            { primaryValues: [int(2n)] },
          ],
        },
      ],
    },
  );
  const table = await client.reportTable(RESULT);
  expect(table.displayName).toBe("Daily");
  expect(await all(table.rows)).toEqual([
    {
      DATE: 20260101n,
      "CLICKS 2026-01-01/2026-01-28": 1n,
      "CLICKS.comparison 2026-01-01/2026-01-28": 3n,
      "CLICKS 2026-02-01/2026-02-28": 2n,
    },
  ]);
});

test("names that come twice are numbered, and none is a trap of JavaScript", async () => {
  const client = serving(
    { dimensions: ["__proto__", "DATE", "DATE"], metrics: ["CLICKS"], flags: [{ name: "" }, { name: "" }] },
    {
      rows: [
        {
          dimensionValues: [text("a"), text("b"), text("c")],
          metricValueGroups: [{ primaryValues: [int(1n)], flagValues: [true, false] }],
        },
      ],
    },
  );
  const [row] = await all((await client.reportTable(RESULT)).rows);
  expect(Object.entries(row ?? {})).toEqual([
    ["__proto__ (2)", "a"],
    ["DATE", "b"],
    ["DATE (2)", "c"],
    ["CLICKS", 1n],
    ["flag.", true],
    ["flag. (2)", false],
  ]);
});

test("a result without rows has columns", async () => {
  const client = serving({ dimensions: ["DATE"], metrics: ["CLICKS"] }, {});
  const table = await client.reportTable(RESULT);
  expect(table.columns.map(({ name }) => name)).toEqual(["DATE", "CLICKS"]);
  expect(await all(table.rows)).toEqual([]);
});

test.each([
  ["a dimension too many", { dimensionValues: [text("a"), text("b")] }, "2 dimensions (the report has 1)"],
  [
    "a metric too many",
    { metricValueGroups: [{ primaryValues: [int(1n), int(2n)] }] },
    "2 metrics (the report has 1)",
  ],
  ["a flag without a name", { metricValueGroups: [{ flagValues: [true] }] }, "1 flags (the report has 0)"],
])("%s is an error, not a column that is lost", async (_, row, problem) => {
  const client = serving({ dimensions: ["DATE"], metrics: ["CLICKS"] }, { rows: [row] });
  const table = await client.reportTable(RESULT);
  await expect(all(table.rows)).rejects.toMatchObject({
    code: Code.FailedPrecondition,
    message: expect.stringContaining(problem),
  });
});

test.each([
  ["after", "2026-02-01T00:00:01Z", true],
  ["before", "2026-01-31T00:00:00Z", false],
])("a report that was changed %s the run", async (_, updated, changed) => {
  const client = serving(
    { dimensions: [], metrics: [] },
    { runTime: timestampFromDate(new Date("2026-02-01T00:00:00Z")) },
    new Date(updated),
  );
  expect((await client.reportTable(RESULT)).changedSinceRun).toBe(changed);
});

test("a table goes on from a page's token, and has the columns of the first page", async () => {
  const { client, fake } = clientOf({ reportRows: () => 5 });
  const whole = await client.reportTable(RESULT, { pageSize: 2 });
  let pageToken = "";
  for await (const page of whole.pages()) {
    pageToken = page.nextPageToken;
    break;
  }
  const rest = await client.reportTable(RESULT, { pageSize: 2, pageToken });
  expect(rest.columns).toEqual(whole.columns);
  expect(rest.totalRowCount).toBe(5);
  expect(await all(rest.rows)).toEqual((await all(whole.rows)).slice(2));
  expect(fake.calls.filter(({ method }) => method === FETCH).length).toBeGreaterThan(3);
});

const DAILY = {
  name: "networks/1/reports/2",
  displayName: "Daily",
  dimensions: ["DATE", "ORDER_ID", "ORDER_NAME"],
  metrics: ["AD_SERVER_CLICKS", "AD_SERVER_CTR"],
};

test("a report is found by its name for people, and read by its name", async () => {
  const reports = [DAILY, { name: "networks/1/reports/3", displayName: "Weekly" }];
  const { client, fake } = clientOf({
    reports: [...reports, { name: "networks/7/reports/2", displayName: "Daily" }],
  });
  const found = await all(client.listReports("networks/1", { filter: 'displayName = "Daily"' }));
  expect(found.map(({ name, reportDefinition }) => [name, reportDefinition?.dimensions])).toEqual([
    ["networks/1/reports/2", ["DATE", "ORDER_ID", "ORDER_NAME"]],
  ]);
  expect((await client.getReport("networks/1/reports/3")).displayName).toBe("Weekly");
  fake.faults.add({ kind: "error", code: Code.Unavailable, times: 1 });
  const reading = all(client.listReports("networks/1", { pageSize: 1 }));
  await fake.clock.advance(60_000);
  expect((await reading).map(({ displayName }) => displayName)).toEqual(["Daily", "Weekly"]);
  await expect(client.getReport("networks/1/reports/4")).rejects.toMatchObject({ code: Code.NotFound });
  expect(() => client.listReports("networks/1/reports")).toThrow("listReports: not the name of a network");
  await expect(client.getReport("networks/1")).rejects.toThrow("getReport: not the name of a report");
});

test("rows are made for the columns of a scripted report", async () => {
  const { client } = clientOf({ reports: [{ ...DAILY, rows: 3 }] });
  expect((await all((await client.reportTable(RESULT)).rows))[2]).toEqual({
    DATE: 20260103n,
    ORDER_ID: 1000002n,
    ORDER_NAME: "order_name 2",
    AD_SERVER_CLICKS: 6n,
    AD_SERVER_CTR: 0.25,
  });
  await expect(client.runReport("networks/1/reports/9")).rejects.toMatchObject({ code: Code.NotFound });
});
