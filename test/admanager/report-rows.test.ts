// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import {
  FetchReportResultRowsResponseSchema,
  ReportService,
  RunReportResponseSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import type { ReportRowsOptions } from "../../src/admanager.js";
import { startEmulator } from "../../src/emulator.js";
import { createOperationsClient } from "../../src/index.js";
import { createFakeOperations } from "../../src/testing.js";
import { all, clientOf, FETCH, RESULT } from "./fake-reports.js";

test("a value of every kind is a JavaScript value, int64 whole", async () => {
  const { client } = clientOf({ reportRows: () => 4 });
  const rows = await all(client.reportRows(RESULT));
  expect(rows.map(({ dimensions }) => dimensions[0])).toEqual([
    9223372036854775807n,
    9223372036854775806n,
    9223372036854775805n,
    9223372036854775804n,
  ]);
  expect(rows[3]?.dimensions.slice(1)).toEqual([
    '=1+1, "quoted"',
    20260104n,
    false,
    [3n, -3n],
    ["a", "b3"],
    [0.5, 0.75],
    Uint8Array.of(3),
    undefined,
  ]);
  expect(rows[3]?.metrics).toEqual([
    {
      primary: [9n, 0.375],
      primaryPercentOfTotal: [0.25, undefined],
      comparison: [6n, undefined],
      comparisonPercentOfTotal: [],
      absoluteChange: [3n, undefined],
      relativeChange: [0.5, undefined],
      flags: [false],
    },
  ]);
  expect(rows[3]?.raw.dimensionValues[2]?.value).toEqual({ case: "intValue", value: 20260104n });
});

test("int64 as text, in lists too", async () => {
  const { client } = clientOf({ reportRows: () => 1 });
  const [row] = await all(client.reportRows(RESULT, { int64: "string" }));
  const id: string | undefined = row?.dimensions.find((value) => typeof value === "string");
  expect([id, row?.dimensions[4], row?.metrics[0]?.primary[0]]).toEqual([
    "9223372036854775807",
    ["0", "0"],
    "0",
  ]);
});

test("pages have what the server says of the result, the first page more", async () => {
  const { client, fake } = clientOf({ reportRows: () => 5 });
  const pages = await all(client.reportRows(RESULT, { pageSize: 2 }).pages());
  expect(pages.map(({ rows, totalRowCount }) => [rows.length, totalRowCount])).toEqual([
    [2, 5],
    [2, undefined],
    [1, undefined],
  ]);
  expect(pages[0]).toMatchObject({
    dateRanges: [{ start: "2026-01-01", end: "2026-01-31" }],
    comparisonDateRanges: [{ start: "2025-12-01", end: "2025-12-31" }],
    runTime: new Date("2026-01-31T12:00:00Z"),
  });
  expect(pages[1]).toMatchObject({ dateRanges: [], comparisonDateRanges: [] });
  expect(pages.at(-1)?.nextPageToken).toBe("");
  expect(fake.calls).toHaveLength(3);
});

test("reading goes on from a page token after an error", async () => {
  const { client, fake } = clientOf({ reportRows: () => 6 });
  let token = "";
  const first: unknown[] = [];
  const broken = (async () => {
    for await (const page of client.reportRows(RESULT, { pageSize: 2 }).pages()) {
      first.push(...page.rows.map(({ dimensions }) => dimensions[0]));
      token = page.nextPageToken;
      fake.faults.add({ kind: "error", method: FETCH, code: Code.PermissionDenied, times: 1 });
    }
  })();
  await expect(broken).rejects.toMatchObject({ code: Code.PermissionDenied });
  const rest = await all(client.reportRows(RESULT, { pageSize: 2, pageToken: token }));
  const read = [...first, ...rest.map(({ dimensions }) => dimensions[0])];
  expect(read).toEqual((await all(client.reportRows(RESULT))).map(({ dimensions }) => dimensions[0]));
});

test("a page that fails for the moment is fetched again", async () => {
  const { client, fake } = clientOf({ reportRows: () => 3 });
  fake.faults.add({ kind: "error", method: FETCH, code: Code.Unavailable, everyNth: 2 });
  const reading = all(client.reportRows(RESULT, { pageSize: 1 }));
  await fake.clock.advance(60_000);
  expect(await reading).toHaveLength(3);
  expect(fake.calls).toHaveLength(5);
});

/** A server whose pages have these tokens and numbers of rows, one after another. */
function serving(pages: readonly [token: string, rows: number][]) {
  const { client, fake } = clientOf();
  let at = 0;
  fake.serve(ReportService, {
    fetchReportResultRows: () => {
      const [nextPageToken = "", rows = 0] = pages[Math.min(at++, pages.length - 1)] ?? [];
      return create(FetchReportResultRowsResponseSchema, {
        nextPageToken,
        rows: Array.from({ length: rows }, () => ({})),
      });
    },
  });
  return { client, fake };
}

test("a page token that comes again is an error, not an endless result", async () => {
  const { client } = serving([
    ["a", 1],
    ["b", 1],
    ["a", 1],
  ]);
  await expect(all(client.reportRows(RESULT))).rejects.toMatchObject({
    code: Code.Internal,
    message: expect.stringContaining("the server returned a page token that it gave before"),
  });
});

test("empty pages are passed over, with pauses", async () => {
  const { client, fake } = serving([
    ["a", 0],
    ["b", 0],
    ["c", 0],
    ["d", 2],
    ["", 0],
  ]);
  const reading = all(client.reportRows(RESULT));
  await fake.clock.advance(60_000);
  expect(await reading).toHaveLength(2);
  expect(fake.clock.sleeps.filter((ms) => ms < 1_000)).toHaveLength(2);
});

test("nothing but empty pages is an error in the end", async () => {
  const { client, fake } = serving(Array.from({ length: 200 }, (_, at) => [`t${at}`, 0]));
  const reading = expect(all(client.reportRows(RESULT))).rejects.toMatchObject({
    message: expect.stringContaining("nothing but empty pages"),
  });
  await fake.clock.advance(3_600_000);
  await reading;
});

test("an abort ends the reading, between pages too", async () => {
  const controller = new AbortController();
  const { client } = clientOf({ reportRows: () => 10 });
  const rows: unknown[] = [];
  const reading = (async () => {
    for await (const row of client.reportRows(RESULT, { pageSize: 2, signal: controller.signal })) {
      rows.push(row);
      controller.abort();
    }
  })();
  await expect(reading).rejects.toMatchObject({ code: Code.Canceled });
  expect(rows).toHaveLength(2);
});

test("a run's response names the result; nothing is sent before the rows are read", async () => {
  const { client, fake } = clientOf({ reportRows: () => 1 });
  const rows = client.reportRows(create(RunReportResponseSchema, { reportResult: RESULT }));
  expect(fake.calls).toHaveLength(0);
  expect(await all(rows)).toHaveLength(1);
});

test.each<[string, string, ReportRowsOptions, string]>([
  [
    "a name of something else",
    "networks/1/reports/2",
    {},
    'reportRows: result: invalid value (got "networks/1/reports/2"; expected networks/*/reports/*/results/*',
  ],
  ["a page that is too large", RESULT, { pageSize: 10_001 }, "pageSize"],
  ["a page of half a row", RESULT, { pageSize: 0.5 }, "pageSize"],
  [
    "an unknown form",
    RESULT,
    { int64: "number" as never },
    'unknown form (got "number"; expected "bigint" or "string")',
  ],
  ["an unknown option", RESULT, { size: 1 } as never, 'unknown option "size"'],
])("%s is a TypeError", (_, result, options, problem) => {
  const { client } = clientOf();
  expect(() => client.reportRows(result, options)).toThrow(TypeError);
  expect(() => client.reportRows(result, options)).toThrow(problem);
});

test.each<[string, unknown, string]>([
  ["no response, as of a run that failed", undefined, "(got undefined; "],
  ["null", null, "(got null; "],
  ["an outcome", { state: "succeeded", response: { reportResult: RESULT } }, "(got an object; "],
  ["a response without a result", create(RunReportResponseSchema), '(got ""; '],
  ["a list of names", [RESULT], "(got an array; "],
])("%s is a TypeError that says what has rows", (_, result, got) => {
  const { client } = clientOf();
  expect(() => client.reportRows(result as string)).toThrow(
    new TypeError(
      `reportRows: result: invalid value ${got}expected networks/*/reports/*/results/*, or the response of a run; ` +
        "only a run that succeeded has one)",
    ),
  );
});

test("only a result that a run has made has rows, after its run was deleted too", async () => {
  const { client, fake } = clientOf({ reportRows: 3, reportRuns: { durationMs: 1_000 } });
  const made = "networks/1/reports/2/results/1";
  const run = await client.runReport("networks/1/reports/2");
  const notFound = {
    code: Code.NotFound,
    message: expect.stringContaining(`"${made}" was not found: no run has made it`),
  };
  await expect(all(client.reportRows(made))).rejects.toMatchObject(notFound); // it is still running
  await fake.clock.advance(1_000);
  expect(await all(client.reportRows(made))).toHaveLength(3);
  await createOperationsClient({ transport: fake.transport }).deleteOperation(run.name);
  expect(await all(client.reportRows(made))).toHaveLength(3);
  for (const other of [RESULT, "networks/2/reports/2/results/1", "networks/1/reports/20/results/1"]) {
    await expect(all(client.reportRows(other))).rejects.toMatchObject({ code: Code.NotFound });
  }
});

test.each([
  ["was cancelled", { onCancel: "cancels" }],
  ["failed", { error: { code: Code.Internal, message: "no rows" } }],
] as const)("a run that %s has made no result", async (_, reportRuns) => {
  const { client, fake } = clientOf({ reportRuns });
  const run = await client.runReport("networks/1/reports/2");
  await run.cancel();
  await fake.clock.advance(60_000);
  const reading = all(client.reportRows("networks/1/reports/2/results/1"));
  await expect(reading).rejects.toMatchObject({ code: Code.NotFound });
});

test("the result that a script names, however its operation is called, has rows", async () => {
  const { client, fake } = clientOf({ reportRows: [{}, {}] });
  const response = anyPack(
    RunReportResponseSchema,
    create(RunReportResponseSchema, { reportResult: RESULT }),
  );
  fake.operations.start({ durationMs: 0, response: "none" });
  fake.operations.start({ durationMs: 0, response });
  expect(await all(client.reportRows(RESULT))).toHaveLength(2);
});

test.each([
  ["a result that is none", { name: "networks/1/reports/2" }],
  ["a page size below zero", { name: RESULT, pageSize: -1 }],
  ["a token of another server", { name: RESULT, pageToken: "CAE=" }],
  ["a token beyond the end", { name: RESULT, pageToken: "rows-zz" }],
])("the emulator rejects %s", async (_, request) => {
  const { fake } = clientOf({ reportRows: () => 10 });
  const call = fake.transport.unary(
    ReportService.method.fetchReportResultRows,
    undefined,
    1_000,
    {},
    request,
  );
  await expect(call).rejects.toMatchObject({ code: Code.InvalidArgument });
});

test("rows of one's own, by the result's name", async () => {
  const row = { dimensionValues: [{ value: { case: "stringValue" as const, value: "mine" } }] };
  const { client } = clientOf({ reportRows: (name) => (name === RESULT ? [row] : 0) });
  expect((await all(client.reportRows(RESULT))).map(({ dimensions }) => dimensions)).toEqual([["mine"]]);
  expect(await all(client.reportRows("networks/1/reports/2/results/4"))).toEqual([]);
});

test("a number of rows that is none is refused at the start", async () => {
  await expect(startEmulator({ reportRows: -1 })).rejects.toThrow("reportRows");
  expect(() => createFakeOperations({ reportRows: 1.5 })).toThrow("reportRows");
});
