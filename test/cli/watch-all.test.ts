// SPDX-License-Identifier: Apache-2.0
import { beginHere, runHere } from "./in-process.js";
import { at, emulator, LONG, WELL } from "./watched-emulator.js";

const callsOf = (method: string) => emulator.calls.filter((call) => call.method?.endsWith(`.${method}`));

describe("watch --all off a terminal", () => {
  test("writes a line for every change, of operations that begin later too, and goes on", async () => {
    const [first, second] = [emulator.operations.start(LONG), emulator.operations.start(LONG)];
    const { kill, said, ended } = beginHere(["watch", "--all", "operations", ...at]);
    await said(second);
    const third = emulator.operations.start(LONG);
    await said(third);
    emulator.operations.finish(first, { error: { code: 9, message: "no disk" } });
    emulator.operations.finish(third, WELL);
    await said(`failed     ${first}`);
    await said(`succeeded  ${third}`);
    kill("SIGINT");
    const { status, stdout, stderr } = await ended;
    expect(stdout.split("\n").sort()).toEqual(
      [
        "",
        `running    ${first}`,
        `running    ${second}`,
        `running    ${third}`,
        `failed     ${first}  FAILED_PRECONDITION: no disk`,
        `succeeded  ${third}`,
      ].sort(),
    );
    expect({ status, stderr }).toMatchObject({
      status: 130,
      stderr: expect.stringContaining("interrupted"),
    });
    expect(callsOf("GetOperation")).toEqual([]);
  });

  test("says in JSON what happened, and that an operation is lost which cannot be polled any more", async () => {
    const name = emulator.operations.start(LONG);
    const { kill, said, ended } = beginHere(["watch", "--all", "operations", "--format", "ndjson", ...at]);
    await said('"change":"added"');
    expect((await runHere(["delete", name, "--endpoint", emulator.baseUrl])).status).toBe(0);
    await said('"change":"lost"');
    kill("SIGTERM");
    const { status, stdout } = await ended;
    expect(status).toBe(143);
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toMatchObject([
      { change: "added", name, state: "running", done: false },
      { change: "lost", name, error: { code: "NOT_FOUND", reason: "not-found" } },
    ]);
  });

  test("ends well at the end of --timeout, and takes a filter", async () => {
    emulator.operations.start(LONG);
    const done = emulator.operations.start({ durationMs: 0 });
    const filtered = ["watch", "--all", "operations", "--filter", "done=true", "--timeout", "500ms", ...at];
    const { status, stdout, stderr } = await runHere(filtered);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `succeeded  ${done}\n` });
    expect(stderr).toContain("stopped at the end of --timeout; the operations go on");
  });

  test.each([
    [
      "a filter of one operation",
      ["watch", "operations/1", "--filter", "done=true"],
      2,
      "--filter: only with --all",
    ],
    ["a parent that cannot be one", ["watch", "--all", "operations/.."], 67, "dot segment"],
  ])("rejects %s, and sends nothing", async (_, args, status, text) => {
    const ended = await runHere([...args, ...at]);
    expect(ended).toMatchObject({ status, stdout: "", stderr: expect.stringContaining(text) });
    expect(emulator.calls).toEqual([]);
  });
});

test("wait reads many names and polls them by the List of their parent", async () => {
  const names = Array.from({ length: 40 }, () => emulator.operations.start(LONG));
  const { said, ended } = beginHere(["wait", "-", ...at], { input: `${names.join("\n")}\n` });
  for (const name of names.slice(1)) emulator.operations.finish(name, WELL);
  await said(names[39] ?? "");
  emulator.operations.finish(names[0] ?? "", { error: { code: 1 } });
  const { status, stdout } = await ended;
  expect(status).toBe(4);
  expect(stdout.trim().split("\n").sort()).toEqual(
    [`cancelled  ${names[0]}`, ...names.slice(1).map((name) => `succeeded  ${name}`)].sort(),
  );
  expect(callsOf("ListOperations").length).toBeGreaterThan(0);
  expect(callsOf("GetOperation").length).toBeLessThan(40);
});
