// SPDX-License-Identifier: Apache-2.0

import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Code } from "@connectrpc/connect";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { home } from "./home.js";
import { beginHere, runHere } from "./in-process.js";

const REPORT = "networks/1/reports/2";
const RESULT = `${REPORT}/results/1`;
const LARGE = "networks/1/reports/3/results/1";
const FETCH = "google.ads.admanager.v1.ReportService.FetchReportResultRows";
const CANCEL = "google.longrunning.Operations.CancelOperation";
const int = (value: bigint) => ({ value: { case: "intValue" as const, value } });
const text = (value: string) => ({ value: { case: "stringValue" as const, value } });

let emulator: Emulator;
let at: string[];
beforeEach(async () => {
  emulator = await startEmulator({
    reportRuns: { durationMs: 100 },
    reports: [
      {
        name: REPORT,
        dimensions: ["LINE_ITEM_ID", "LINE_ITEM_NAME", "ADVERTISER_LABEL_IDS"],
        metrics: ["AD_SERVER_IMPRESSIONS", "AD_SERVER_CTR"],
        rows: [
          [int(9223372036854775807n), text('say "hi", twice\r\nor more'), {}],
          [
            int(-5n),
            text('=HYPERLINK("http://evil.example")'),
            { value: { case: "intListValue" as const, value: { values: [9223372036854775807n, -1n] } } },
          ],
          [int(0n), text("caf\u00e9 \u{1f600}"), {}],
          [int(1n), text("+1"), {}],
          [int(2n), text("@SUM(A1)"), {}],
          [int(3n), text("-2+3"), {}],
          [int(4n), text("\tx"), {}],
        ].map((dimensionValues, at) => ({
          dimensionValues,
          metricValueGroups: [
            { primaryValues: [int(BigInt(at)), { value: { case: "doubleValue" as const, value: at / 8 } }] },
          ],
        })),
      },
      {
        name: "networks/1/reports/3",
        dimensions: ["DATE", "ORDER_NAME"],
        metrics: ["AD_SERVER_CLICKS"],
        rows: 50_000,
      },
    ],
  });
  at = ["--endpoint", emulator.baseUrl];
});
afterEach(() => emulator.close());

const CSV = [
  "LINE_ITEM_ID,LINE_ITEM_NAME,ADVERTISER_LABEL_IDS,AD_SERVER_IMPRESSIONS,AD_SERVER_CTR",
  '9223372036854775807,"say ""hi"", twice\r\nor more",,0,0',
  `-5,"'=HYPERLINK(""http://evil.example"")","[9223372036854775807,-1]",1,0.125`,
  "0,caf\u00e9 \u{1f600},,2,0.25",
  "1,'+1,,3,0.375",
  "2,'@SUM(A1),,4,0.5",
  "3,'-2+3,,5,0.625",
  "4,'\tx,,6,0.75",
  "",
].join("\r\n");

describe("rows", () => {
  test("are CSV by RFC 4180, with a header, whole integers, and formulas guarded and told", async () => {
    const { status, stdout, stderr } = await runHere(["rows", RESULT, ...at]);
    expect(stderr).toBe("put ' before 5 texts that begin like a formula (--allow-formulas leaves them)\n");
    expect({ status, stdout }).toEqual({ status: 0, stdout: CSV });
    const raw = await runHere(["rows", RESULT, "--allow-formulas", "--page-size", "2", ...at]);
    expect(raw).toEqual({ status: 0, stderr: "", stdout: CSV.replaceAll(/'(?=[=+@\-\t])/g, "") });
  });

  test("are JSON, whole integers too, with nothing else on either stream", async () => {
    const lines = await runHere(["rows", RESULT, "--format", "ndjson", ...at]);
    const rows = lines.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(rows).toHaveLength(7);
    expect(rows[1]).toEqual({
      LINE_ITEM_ID: "-5",
      LINE_ITEM_NAME: '=HYPERLINK("http://evil.example")',
      ADVERTISER_LABEL_IDS: ["9223372036854775807", "-1"],
      AD_SERVER_IMPRESSIONS: "1",
      AD_SERVER_CTR: 0.125,
    });
    expect(rows[0]).toMatchObject({ LINE_ITEM_ID: "9223372036854775807", ADVERTISER_LABEL_IDS: null });
    expect(lines.stderr).toBe("");
    const array = await runHere(["rows", RESULT, "--format", "json", "--page-size", "2", ...at]);
    expect(JSON.parse(array.stdout)).toEqual(rows);
  });

  test("are a table in lines, control characters escaped", async () => {
    const { stdout } = await runHere(["rows", RESULT, "--format", "table", ...at]);
    const lines = stdout.split("\n");
    expect(lines).toHaveLength(9);
    expect(lines[0]).toMatch(
      /^LINE_ITEM_ID {9}LINE_ITEM_NAME {2,}ADVERTISER_LABEL_IDS {2,}AD_SERVER_IMPRESSIONS {2}AD_SERVER_CTR$/,
    );
    expect(lines[1]).toMatch(/^9223372036854775807 {2}say "hi", twice\\r\\nor more +0 +0$/);
  });

  test("without a row are a header, an empty array, or nothing", async () => {
    await using empty = await startEmulator({ reportRows: () => 0 });
    const rows = (format: string) =>
      runHere(["rows", RESULT, "--format", format, "--endpoint", empty.baseUrl]);
    expect((await rows("csv")).stdout).toMatch(/^LINE_ITEM_ID,LINE_ITEM_NAME,.*\r\n$/);
    expect((await rows("json")).stdout).toBe("[]\n");
    expect((await rows("ndjson")).stdout).toBe("");
    expect((await rows("table")).stdout).toMatch(/^LINE_ITEM_ID {2}LINE_ITEM_NAME .*\n$/);
  });
});

describe("a file", () => {
  const files = (folder: string) => readdirSync(join(home(), folder));
  const folder = (name: string) => {
    mkdirSync(join(home(), name));
    return join(home(), name);
  };

  test("has all rows, and replaces the one that was there, through a link too", async () => {
    const cwd = folder("whole");
    writeFileSync(join(cwd, "old.csv"), "old");
    symlinkSync("old.csv", join(cwd, "rows.csv"));
    const { status, stdout, stderr } = await runHere(["rows", RESULT, "-o", "rows.csv", ...at], { cwd });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    expect(stderr).toContain("wrote 7 rows to rows.csv\n");
    expect(readFileSync(join(cwd, "old.csv"), "utf8")).toBe(CSV);
    expect(files("whole").sort()).toEqual(["old.csv", "rows.csv"]);
  });

  test("is not there, nor half, when a page fails for good", async () => {
    const cwd = folder("failed");
    writeFileSync(join(cwd, "rows.csv"), "old");
    emulator.faults.add({ kind: "error", method: FETCH, code: Code.PermissionDenied, everyNth: 3 });
    const { status, stderr } = await runHere(["rows", LARGE, "-o", "rows.csv", ...at], { cwd });
    expect(status).toBe(64 + Code.PermissionDenied);
    expect(stderr).toContain("PERMISSION_DENIED");
    expect(stderr).not.toContain("wrote");
    expect(files("failed")).toEqual(["rows.csv"]);
    expect(readFileSync(join(cwd, "rows.csv"), "utf8")).toBe("old");
  });

  test("is not there after Ctrl-C", async () => {
    const cwd = folder("interrupted");
    emulator.faults.add({ kind: "delay", method: FETCH, minMs: 20_000, maxMs: 20_000 });
    const watcher = watch(cwd);
    const appeared = once(watcher, "change");
    const rows = beginHere(["rows", LARGE, "-o", "rows.csv", ...at], { cwd });
    await appeared; // the temporary file
    watcher.close();
    expect(files("interrupted")).toEqual([expect.stringMatching(/^\.rows\.csv\.\d+\.part$/)]);
    rows.kill("SIGINT");
    expect((await rows.ended).status).toBe(130);
    expect(files("interrupted")).toEqual([]);
  });

  test.each([
    ["a folder that is not there", "none/rows.csv", "ENOENT"],
    ["a folder", ".", "it is a folder"],
  ])("%s is refused before a run is spent", async (_, file, problem) => {
    const { status, stderr } = await runHere(["run-report", REPORT, "--rows", "-o", file, ...at]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(problem) });
    expect(emulator.calls).toHaveLength(0);
  });
});

test("run-report --rows runs, and prints the rows alone on standard output", async () => {
  const { status, stdout, stderr } = await runHere([
    "run-report",
    REPORT,
    "--rows",
    "--interval",
    "100ms",
    ...at,
  ]);
  expect({ status, stdout }).toEqual({ status: 0, stdout: CSV });
  expect(stderr).toMatch(
    /^started networks\/1\/operations\/reports\/runs\/\S+\nresult {2}networks\/1\/reports\/2\/results\/1\n/,
  );
});

test("run-report --rows of a run that fails leaves no file, and says why in JSON too", async () => {
  await using failing = await startEmulator({
    reportRuns: { durationMs: 0, error: { code: Code.InvalidArgument, message: "too many rows" } },
  });
  const { status, stdout, stderr } = await runHere([
    ...["run-report", REPORT, "--rows", "-o", "failed.csv", "--format", "ndjson"],
    ...["--endpoint", failing.baseUrl],
  ]);
  expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
  expect(JSON.parse(stderr)).toMatchObject({
    error: { code: "OPERATION_FAILED", reason: "failed", message: expect.stringContaining("too many rows") },
  });
  expect(existsSync(join(home(), "failed.csv"))).toBe(false);
});

test.each([
  [["run-report", REPORT, "-o", "json"], "--output, --allow-formulas and --page-size are for rows"],
  [["run-report", REPORT, "--format", "csv"], "csv is a format of rows (expected --rows beside it)"],
  [
    ["run-report", REPORT, "--rows", "--format", "yaml"],
    "not a format of rows (got yaml; expected csv, ndjson, json, table)",
  ],
  [["rows", RESULT, "--api", "spanner"], "rows is Ad Manager's"],
  [["rows", REPORT], "networks/*/reports/*/results/*"],
])("%j is a mistake that is told, and nothing is sent", async (args, problem) => {
  const { status, stderr } = await runHere([...args, ...at]);
  expect(stderr).toContain(problem);
  expect(status).not.toBe(0);
  expect(emulator.calls).toHaveLength(0);
});

test("a token that a row repeats is not printed", async () => {
  const token = "ya29.a-token-of-this-test";
  await using echoing = await startEmulator({
    reports: [
      {
        name: REPORT,
        dimensions: ["ORDER_NAME"],
        metrics: [],
        rows: [{ dimensionValues: [text(`my ${token}`)] }],
      },
    ],
  });
  const { status, stdout } = await runHere(["rows", RESULT, "--endpoint", echoing.baseUrl], {
    env: { LONGRUNNING_TOKEN: token },
  });
  expect(status).toBe(0);
  expect(stdout).toContain("my ");
  expect(stdout).not.toContain(token);
});

test.each([
  ["nowhere/rows.csv", "its folder does not exist (ENOENT)"],
  ["file/rows.csv", "its folder is a file (ENOTDIR)"],
])("a file that cannot be made is a mistake, by its own name: %s", async (file, problem) => {
  const cwd = join(home(), "unwritable");
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, "file"), "");
  const { status, stderr } = await runHere(["rows", RESULT, "-o", file, ...at], { cwd });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: `error: --output: cannot write ${file}: ${problem}\n`,
  });
});

describe("--cancel-on-interrupt", () => {
  const runs = "networks/1/operations/reports/runs";

  test("requests the cancel on Ctrl-C, and tells what became of it", async () => {
    const name = emulator.operations.start({ parent: runs, durationMs: 600_000, cancelDelayMs: 0 });
    const wait = beginHere(["watch", name, "--cancel-on-interrupt", "--interval", "1s", ...at]);
    await wait.said("running");
    wait.kill("SIGINT");
    const { status, stderr } = await wait.ended;
    expect(status).toBe(130);
    expect(stderr).toContain(`interrupted: ${name}: cancelled\n`);
    expect(stderr).not.toContain("error");
    expect(stderr).not.toContain("go on");
    expect(emulator.operations.get(name)).toMatchObject({ done: true });
  });

  test("tells of a server that does not cancel; the run goes on", async () => {
    emulator.faults.add({ kind: "error", method: CANCEL, code: Code.Unimplemented, message: "not here" });
    const name = emulator.operations.start({ parent: runs, durationMs: 600_000 });
    const wait = beginHere(["watch", name, "--cancel-on-interrupt", "--format", "ndjson", ...at]);
    await wait.said("running");
    wait.kill("SIGINT");
    const { status, stderr } = await wait.ended;
    expect(status).toBe(130);
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: "INTERRUPTED",
        operationNames: [name],
        cancels: [{ name, state: "error", error: { code: "UNIMPLEMENTED" } }],
        next: [expect.stringContaining(`longrunning wait ${name}`)],
      },
    });
  });

  test("without it, nothing is sent", async () => {
    const name = emulator.operations.start({ parent: runs, durationMs: 600_000 });
    const wait = beginHere(["watch", name, ...at]);
    await wait.said("running");
    wait.kill("SIGINT");
    expect((await wait.ended).stderr).toContain("the operation goes on");
    expect(emulator.calls.some(({ method }) => method === CANCEL)).toBe(false);
  });
});
