// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { RunReportMetadataSchema } from "../../../gen/google/ads/admanager/v1/report_service_pb.js";
import { at, emulator, LONG, WELL } from "../watched-emulator.js";
import { beginOnTerminal, CTRL_C } from "./terminal.js";

const percent = (percentComplete: number) =>
  anyPack(RunReportMetadataSchema, create(RunReportMetadataSchema, { percentComplete }));
const [at40, at70] = [percent(40), percent(70)];

describe("watch --all on a terminal", () => {
  test("is a table of what runs, with what has ended above it", async () => {
    const first = emulator.operations.start({ ...LONG, metadata: at40 });
    const [second, third] = [emulator.operations.start(LONG), emulator.operations.start(LONG)];
    const terminal = beginOnTerminal(["watch", "--all", "operations", ...at], 80);
    await terminal.shows("operations: 3 running, 0 ended");
    emulator.operations.finish(second, WELL);
    await terminal.shows("operations: 2 running, 1 ended");
    emulator.operations.setProgress(third, { metadata: at70 });
    await terminal.shows(`70%  ${third}`); // the last row: all above it is drawn
    expect(terminal.screen()).toMatchObject({
      rows: [
        `succeeded  ${second}`,
        "operations: 2 running, 1 ended",
        `running  [${"=".repeat(8)}${"-".repeat(12)}]  40%  ${first}`,
        `running  [${"=".repeat(14)}${"-".repeat(6)}]  70%  ${third}`,
      ],
      isCursorShown: false,
    });
    terminal.type(CTRL_C);
    expect(await terminal.ended).toBe(130);
    const left = terminal.screen();
    expect(left).toMatchObject({ isCursorShown: true, wraps: true });
    expect(left.rows[0]).toBe(`succeeded  ${second}`);
    expect(left.rows.join("\n")).not.toContain("running  [");
  });

  test("shows as many as there is space for, and counts the others", async () => {
    for (let left = 100; left > 0; left--) emulator.operations.start(LONG);
    const terminal = beginOnTerminal(["watch", "--all", "operations", ...at], 30);
    await terminal.shows("operations: 100 running");
    await terminal.shows("and 79 more");
    const { rows } = terminal.screen();
    expect(rows).toHaveLength(23); // of 24: the cursor needs none of its own, and the count of the others one
    expect(rows.every((row) => row.length <= 30)).toBe(true);
    terminal.type(CTRL_C);
    expect(await terminal.ended).toBe(130);
  });

  test("writes no control sequence of a name, and none at all to a dumb terminal", async () => {
    const name = emulator.operations.start({ ...LONG, id: "a\u202eb" });
    const terminal = beginOnTerminal(["watch", "--all", "operations", ...at], 80, { TERM: "dumb" });
    await terminal.shows("running");
    terminal.type(CTRL_C);
    await terminal.ended;
    expect(terminal.written()).not.toContain(name);
    expect(terminal.written()).not.toContain("\u001b[?25l");
  });
});
