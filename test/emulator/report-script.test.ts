// SPDX-License-Identifier: Apache-2.0
import { parse } from "yaml";
import { createAdManagerClient } from "../../src/admanager.js";
import { startEmulator } from "../../src/emulator.js";

const SCRIPT = `
reports:
  - name: networks/1/reports/2
    display-name: Daily
    dimensions: [DATE, LINE_ITEM_ID, LINE_ITEM_NAME, LINE_ITEM_ARCHIVED, LINE_ITEM_LABELS, ADVERTISER_LABEL_IDS]
    metrics: [AD_SERVER_IMPRESSIONS, AD_SERVER_CTR]
    rows:
      - [20260131, {intValue: "9223372036854775807"}, "Line, item", true, [a, b], [1, 2], 12, 0.5]
      - [20260201, null, "", false, [], [], -1, {doubleValue: "NaN"}]
  - name: networks/1/reports/3
    rows: 2
`;

test("a script has reports with columns and rows of every kind", async () => {
  await using emulator = await startEmulator({ script: parse(SCRIPT) });
  await using client = createAdManagerClient({ baseUrl: emulator.baseUrl });
  const table = await client.reportTable("networks/1/reports/2/results/1");
  const rows: unknown[] = [];
  for await (const row of table.rows) rows.push(row);
  expect(rows).toEqual([
    {
      DATE: 20260131n,
      LINE_ITEM_ID: 9223372036854775807n,
      LINE_ITEM_NAME: "Line, item",
      LINE_ITEM_ARCHIVED: true,
      LINE_ITEM_LABELS: ["a", "b"],
      ADVERTISER_LABEL_IDS: [1n, 2n],
      AD_SERVER_IMPRESSIONS: 12n,
      AD_SERVER_CTR: 0.5,
    },
    {
      DATE: 20260201n,
      LINE_ITEM_ID: undefined,
      LINE_ITEM_NAME: "",
      LINE_ITEM_ARCHIVED: false,
      LINE_ITEM_LABELS: [],
      ADVERTISER_LABEL_IDS: [],
      AD_SERVER_IMPRESSIONS: -1n,
      AD_SERVER_CTR: Number.NaN,
    },
  ]);
  expect((await client.reportTable("networks/1/reports/3/results/9")).totalRowCount).toBe(2);
});

test.each([
  ["reports: {}", "reports: expected a list"],
  ["reports: [{name: reports/2}]", "expected networks/*/reports/*)"],
  ["reports: [{}]", "reports[0].name: expected networks/*/reports/*"],
  ["reports: [{name: networks/1/reports/2, columns: []}]", 'reports[0]: unknown key "columns"'],
  [
    "reports: [{name: networks/1/reports/2}, {name: networks/1/reports/2}]",
    "reports[1].name: networks/1/reports/2 is there twice",
  ],
  ["reports: [{name: networks/1/reports/2, dimensions: [date]}]", "not the name of a dimension"],
  ["reports: [{name: networks/1/reports/2, display-name: 1}]", "reports[0].display-name: expected text"],
  ["reports: [{name: networks/1/reports/2, rows: -1}]", "not a number of rows"],
  [
    "reports: [{name: networks/1/reports/2, rows: [[1]]}]",
    "reports[0].rows[0]: rows of a report without dimensions and metrics",
  ],
  [
    "reports: [{name: networks/1/reports/2, dimensions: [DATE], metrics: [], rows: [[1, 2]]}]",
    "reports[0].rows[0]: 2 values for 1 dimensions and 0 metrics",
  ],
  [
    "reports: [{name: networks/1/reports/2, dimensions: [DATE], metrics: [], rows: [[9223372036854775807]]}]",
    "reports[0].rows[0][0]: a number beyond 2^53",
  ],
  [
    "reports: [{name: networks/1/reports/2, dimensions: [DATE], metrics: [], rows: [[{floatValue: 1}]]}]",
    "reports[0].rows[0][0]: ",
  ],
  [
    "reports: [{name: networks/1/reports/2, dimensions: [DATE], metrics: [], rows: [[[1, a]]]}]",
    "reports[0].rows[0][0]: expected a list of texts or of numbers",
  ],
])("%s is refused with its place", async (script, problem) => {
  await expect(startEmulator({ script: parse(script) })).rejects.toThrow(problem);
});
