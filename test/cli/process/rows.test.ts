// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../../src/emulator.js";
import { beginProgram, COMMAND, run } from "../command.js";
import { home } from "../home.js";
import { beginOnTerminal } from "./terminal.js";

const REPORT = "networks/1/reports/3";
const LARGE = `${REPORT}/results/1`;
const FETCH = "google.ads.admanager.v1.ReportService.FetchReportResultRows";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({
    reportRuns: { durationMs: 100 },
    reports: [
      { name: REPORT, dimensions: ["DATE", "ORDER_NAME"], metrics: ["AD_SERVER_CLICKS"], rows: 50_000 },
    ],
  });
});
afterEach(() => emulator.close());

test("a file is not there, nor half, when there is no room for it", async () => {
  const cwd = join(home(), "full");
  mkdirSync(cwd);
  const limited = `ulimit -f 64; trap '' XFSZ; exec "$0" "$1" rows ${LARGE} -o rows.csv --endpoint ${emulator.baseUrl}`;
  const { status, stderr } = await beginProgram("/bin/bash", ["-c", limited, process.execPath, COMMAND], {
    cwd,
  }).ended;
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: "error: cannot write rows.csv: the file would be too large (EFBIG)\n",
  });
  expect(readdirSync(cwd)).toEqual([]);
});

test("a file may be a device, which stays one", async () => {
  const { status, stderr } = await run(["rows", LARGE, "-o", "/dev/full", "--endpoint", emulator.baseUrl]);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: "error: cannot write /dev/full: the disk is full (ENOSPC)\n",
  });
  expect((await run(["rows", LARGE, "-o", "/dev/null", "--endpoint", emulator.baseUrl])).status).toBe(0);
  expect(existsSync("/dev/null")).toBe(true);
});

test.each([
  [">/dev/full", "error: standard output: the disk is full (ENOSPC)\n"],
  ["| head -1 >/dev/null", "error: standard output: the reader closed the pipe before the end (EPIPE)\n"],
])("standard output that ends early is a clear error: %s", async (redirection, error) => {
  const rows = `{ "$0" "$1" rows ${LARGE} --endpoint ${emulator.baseUrl}; echo $? >&2; } ${redirection}`;
  const { stderr } = await beginProgram("/bin/bash", ["-c", rows, process.execPath, COMMAND]).ended;
  expect(stderr).toBe(`${error}1\n`);
});

test("on a terminal, a bar shows the run, then the rows, and nothing of it is left", async () => {
  emulator.faults.add({ kind: "delay", method: FETCH, minMs: 600, maxMs: 600, times: 4 });
  const command = ["run-report", REPORT, "--rows", "--page-size", "10000", "--format", "csv"];
  const terminal = beginOnTerminal(
    [...command, "-o", "terminal.csv", "--interval", "50ms", "--endpoint", emulator.baseUrl],
    100,
  );
  await terminal.shows("running  [");
  await terminal.shows("reading  [");
  expect(await terminal.ended).toBe(0);
  const lines = terminal.screen().rows.filter((line) => line !== "");
  expect(lines.at(-1)).toBe("wrote 50000 rows to terminal.csv");
  expect(lines.join("\n")).not.toContain("[==");
});
