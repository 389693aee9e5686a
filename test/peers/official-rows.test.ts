// SPDX-License-Identifier: Apache-2.0
import { createAdManagerClient } from "../../src/admanager.js";
import { startEmulator } from "../../src/emulator.js";
import { officialReports, officialReportsOverGrpc } from "./official.js";

// The official client reads the rows of a result beside ours, from one emulator: they are equal, in every kind of value.

const RESULT = "networks/1/reports/2/results/3";
const ROWS = 25;

/** A value as text, whichever library read it: the official one has integers as text, and bytes as base64 or a Buffer. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    const { value: kind, $typeName, ...fields } = value as Record<string, unknown>;
    if (typeof kind === "string") {
      const content = fields[kind] ?? null;
      return [kind, plain(isList(content) ? content.values : content)];
    }
    if (typeof kind === "object" && kind !== null && "case" in kind) {
      const { case: name, value: content } = kind as { case?: string; value?: unknown };
      if (name === undefined) return {};
      return [name, plain(isList(content) ? content.values : content)];
    }
    return Object.fromEntries(Object.entries(fields).map(([key, each]) => [key, plain(each)]));
  }
  return value;
}

function isList(content: unknown): content is { readonly values: unknown } {
  return typeof content === "object" && content !== null && "values" in content;
}

test.each([
  ["REST", officialReports],
  ["gRPC", officialReportsOverGrpc],
])(
  "the official client over %s reads the rows that ours reads, by pages and row by row",
  async (_, connect) => {
    await using emulator = await startEmulator({ reportRows: () => ROWS });
    const official = connect(emulator.port);
    await using ours = createAdManagerClient({ baseUrl: emulator.baseUrl, auth: false });
    const rows: unknown[] = [];
    for await (const { raw } of ours.reportRows(RESULT, { pageSize: 10 })) rows.push(plain(raw));

    const each: unknown[] = [];
    for await (const row of official.fetchReportResultRowsAsync({ name: RESULT, pageSize: 10 }))
      each.push(plain(row));
    expect(each).toEqual(rows);
    expect(rows).toHaveLength(ROWS);

    const [page, next, response] = await official.fetchReportResultRows(
      { name: RESULT, pageSize: 10 },
      { autoPaginate: false },
    );
    expect(page.map(plain)).toEqual(rows.slice(0, 10));
    expect(response?.totalRowCount).toBe(ROWS);
    expect(next?.pageToken).toBe(response?.nextPageToken);
    await official.close();
  },
);

test("the official client runs a report of the emulator's script, and reads its columns and rows as ours does", async () => {
  const name = "networks/1/reports/2";
  const columns = { dimensions: ["DATE", "LINE_ITEM_NAME"], metrics: ["AD_SERVER_IMPRESSIONS"] };
  await using emulator = await startEmulator({
    reportRuns: { durationMs: 0 },
    reports: [{ name, displayName: "Daily", ...columns, rows: 3 }],
  });
  const official = officialReports(emulator.port);
  await using ours = createAdManagerClient({ baseUrl: emulator.baseUrl, auth: false });

  const [report] = await official.getReport({ name });
  const [listed] = await official.listReports({ parent: "networks/1" });
  for await (const own of ours.listReports("networks/1")) {
    for (const theirs of [report, ...listed]) {
      expect(theirs.displayName).toBe(own.displayName);
      expect(theirs.reportDefinition).toMatchObject(columns);
      expect(own.reportDefinition).toMatchObject(columns);
    }
  }

  const [operation] = await official.runReport({ name });
  const [response] = await operation.promise();
  const ownRun = await ours.runReport(name);
  expect((await ownRun.result())?.reportResult).toBe(response.reportResult);
  const theirRows: unknown[] = [];
  for await (const row of official.fetchReportResultRowsAsync({ name: response.reportResult ?? "" })) {
    theirRows.push(plain(row));
  }
  const ownRows: unknown[] = [];
  for await (const { raw } of ours.reportRows(response.reportResult ?? "")) ownRows.push(plain(raw));
  expect(theirRows).toEqual(ownRows);
  expect(ownRows).toHaveLength(3);
  await official.close();
});

test("over gRPC, where Google's columns are numbers, the emulator has none", async () => {
  await using emulator = await startEmulator();
  const official = officialReportsOverGrpc(emulator.port);
  await expect(official.getReport({ name: "networks/1/reports/2" })).rejects.toMatchObject({ code: 12 });
  await official.close();
});
