// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack, EmptySchema } from "@bufbuild/protobuf/wkt";
import { RunReportMetadataSchema } from "../../../gen/google/ads/admanager/v1/report_service_pb.js";
import { type Emulator, startEmulator } from "../../../src/emulator.js";
import { COMMAND, run } from "../command.js";
import { beginOnTerminal, beginProgramOnTerminal, CTRL_C, wrapped } from "./terminal.js";

const PARENT = "networks/123/operations/reports/runs";
/** Usual, narrower than a bar of the usual length, and wide enough for everything: columns, and the bar at 40 percent. */
const WIDTHS: [number, string][] = [
  [80, `[${"=".repeat(12)}${"-".repeat(18)}]  40%`],
  [30, "[==---]  40%"],
  [200, `[${"=".repeat(12)}${"-".repeat(18)}]  40%`],
];
const COLOUR = /\u001b\[\d+m/;

let emulator: Emulator;
let at: string[];

beforeAll(async () => {
  emulator = await startEmulator();
  at = ["--interval", "50ms", "--endpoint", emulator.baseUrl];
});
afterAll(() => emulator.close());

/** An operation that runs until a test ends it, 40 percent done. */
function started(): string {
  const metadata = anyPack(RunReportMetadataSchema, create(RunReportMetadataSchema, { percentComplete: 40 }));
  return emulator.operations.start({ parent: PARENT, durationMs: Number.POSITIVE_INFINITY, metadata });
}

describe.each(WIDTHS)("watch on a terminal of %d columns", (columns, bar) => {
  test("draws a bar in one row, and Ctrl-C takes it away and says how to wait again", async () => {
    const name = started();
    const terminal = beginOnTerminal(["watch", name, ...at], columns);
    await terminal.shows("running  [---");
    await terminal.shows(bar);
    // A line that is longer than the terminal is cut off there: a second row would stay behind with every redraw.
    const drawn = terminal.screen();
    expect(drawn).toMatchObject({
      rows: [expect.stringContaining(`running  ${bar}  `)],
      isCursorShown: false,
    });
    expect(drawn.rows[0]?.length).toBeLessThanOrEqual(columns);

    terminal.type(CTRL_C);
    expect(await terminal.ended).toBe(130);
    const told = [
      "interrupted: the operation goes on",
      `  next: wait again: longrunning wait ${name} --endpoint ${emulator.baseUrl} --interval 50ms`,
    ];
    // Nothing else is left: neither the bar nor the ^C that the terminal wrote at its end.
    expect(terminal.screen()).toEqual({ rows: wrapped(told, columns), isCursorShown: true, wraps: true });
    expect(terminal.written()).toContain("\u001b[?25h");
    expect(emulator.operations.find(name)?.cancelRequested).toBe(false);
  });

  test("leaves one line of an operation that ends well", async () => {
    const name = started();
    const terminal = beginOnTerminal(["watch", name, ...at], columns);
    await terminal.shows("running  [---");
    emulator.operations.finish(name, { response: anyPack(EmptySchema, create(EmptySchema)) });
    expect(await terminal.ended).toBe(0);
    const rows = wrapped([`succeeded  ${name}`], columns);
    expect(terminal.screen()).toEqual({ rows, isCursorShown: true, wraps: true });
  });
});

test.each<[NodeJS.Signals, number]>([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
])("%s ends a watch as Ctrl-C does, with the status %d", async (signal, status) => {
  const name = started();
  const terminal = beginOnTerminal(["watch", name, ...at], 80);
  await terminal.shows("running  [");
  terminal.kill(signal);
  expect(await terminal.ended).toBe(status);
  const { rows, isCursorShown, wraps } = terminal.screen();
  expect({ first: rows[0], isCursorShown, wraps }).toEqual({
    first: "interrupted: the operation goes on",
    isCursorShown: true,
    wraps: true,
  });
});

test("a reader of the data that goes away leaves the terminal in order", async () => {
  const name = emulator.operations.start({ parent: PARENT, durationMs: 10_000 }); // a change each 100 ms
  const line = `"$0" "$1" watch ${name} --format ndjson --interval 50ms --endpoint ${emulator.baseUrl} | head -1`;
  const terminal = beginProgramOnTerminal("/bin/sh", ["-c", line, process.execPath, COMMAND], 200);
  await terminal.shows('"state":"running"');
  await terminal.ended;
  expect(terminal.screen()).toMatchObject({ isCursorShown: true, wraps: true });
});

test("a dumb terminal gets lines and no control sequence", async () => {
  const name = emulator.operations.start({ parent: PARENT, durationMs: 0 });
  const terminal = beginOnTerminal(["watch", name, ...at], 80, { TERM: "dumb" });
  expect(await terminal.ended).toBe(0);
  expect(terminal.written()).toBe(`succeeded  ${name}\r\n`);
});

test("there is colour on a terminal, and none with NO_COLOR or in a pipe", async () => {
  const name = emulator.operations.start({ parent: PARENT, durationMs: 0 });
  const watch = ["watch", name, ...at];
  const plain = { NO_COLOR: "1" };
  const [coloured, bare] = [beginOnTerminal(watch, 80), beginOnTerminal(watch, 80, plain)];
  const piped = await run(watch);
  expect([await coloured.ended, await bare.ended, piped.status]).toEqual([0, 0, 0]);
  expect(coloured.written()).toContain(`\u001b[32msucceeded\u001b[39m  ${name}\r\n`);
  expect(bare.written()).toContain(`succeeded  ${name}\r\n`);
  expect(bare.written()).not.toMatch(COLOUR);
  // In a pipe there is no bar, either: no control sequence of any kind.
  expect(piped).toMatchObject({ stdout: `succeeded  ${name}\n`, stderr: "" });
});
