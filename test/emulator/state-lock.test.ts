// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { startEmulator } from "../../src/emulator.js";
import { createFakeClock } from "../../src/testing.js";
import { directory, runEmulatorProgram } from "./run-emulator-program.js";

const fileIn = (name: string) => {
  const folder = join(directory, name);
  mkdirSync(folder);
  return join(folder, "state");
};

/** Starts an emulator on a file, has it write, and ends it. */
async function write(state: string): Promise<string> {
  await using emulator = await startEmulator({ state });
  return emulator.operations.start();
}

test("a second emulator on a file is an error, in this process and in another; the file stays whole", async () => {
  const state = fileIn("two");
  const first = await startEmulator({ state });
  const name = first.operations.start();
  await first.operations.saved();
  await expect(startEmulator({ state })).rejects.toThrow(
    `state file ${state}: in use by an emulator of this`,
  );
  await first.close();

  const other = await runEmulatorProgram({ state });
  await expect(startEmulator({ state })).rejects.toThrow(
    `in use by process ${other.process.pid}; if that is gone`,
  );
  other.process.kill("SIGKILL");
  await other.ended;
  await using last = await startEmulator({ state });
  expect(last.operations.find(name)).toBeDefined();
});

test.each(["", "{", '{"pid": 999999999}', '{"pid": "x"}', '{"pid": -1}'])(
  "a lock that nobody holds is taken over: %j",
  async (content) => {
    const state = fileIn(`stale-${content.length}`);
    writeFileSync(`${state}.lock`, content);
    await write(state);
    expect(existsSync(`${state}.lock`)).toBe(false);
  },
);

test("a start that fails lets go of the file", async () => {
  const state = fileIn("failed");
  await expect(startEmulator({ state, script: { methods: [{ method: "a.B.C" }] } })).rejects.toThrow("a.B.C");
  await using taken = await startEmulator();
  await expect(startEmulator({ state, port: taken.port })).rejects.toThrow("EADDRINUSE");
  await write(state);
});

test("a link to the file stays, and so does the mode", async () => {
  const state = fileIn("linked");
  await write(state);
  chmodSync(state, 0o640);
  const link = `${state}.link`;
  symlinkSync(state, link);
  const name = await write(link);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(statSync(state).mode & 0o777).toBe(0o640);
  expect(readFileSync(state, "utf8")).toContain(name);
});

test("a link to nothing is followed once, to where it leads", async () => {
  const state = fileIn("dangling");
  symlinkSync("state.real", state);
  await write(state);
  expect(readlinkSync(state)).toBe("state.real");
  expect(existsSync(`${state}.real`)).toBe(true);
});

test("a link at the temporary name is not followed", async () => {
  const state = fileIn("trap");
  const victim = `${state}.victim`;
  writeFileSync(victim, "precious");
  symlinkSync(victim, `${state}.tmp`);
  await write(state);
  expect(readFileSync(victim, "utf8")).toBe("precious");
  expect(lstatSync(state).isSymbolicLink()).toBe(false);
});

test("time goes on when the clock is behind the file", async () => {
  const state = fileIn("clock");
  const late = createFakeClock({ startMs: 1_000_000.5 });
  const first = await startEmulator({ state, clock: late });
  const name = first.operations.start({ durationMs: 1_000 });
  await first.close();
  const early = createFakeClock({ startMs: 5.25 });
  await using second = await startEmulator({ state, clock: early });
  expect(second.operations.get(name).done).toBe(false);
  await early.advance(1_000);
  expect(second.operations.get(name).done).toBe(true);
});

test.each([
  ["a folder", (state: string) => mkdirSync(state), "cannot be read (EISDIR)"],
  ["cut off", (state: string) => writeFileSync(state, '{"version":1'), "not one of an emulator: line 1"],
  ["empty", (state: string) => writeFileSync(state, ""), "not one of an emulator: line 1"],
])("a file that is %s is an error that says so, and stays as it is", async (kind, make, message) => {
  const state = fileIn(`bad-${kind}`);
  make(state);
  await expect(startEmulator({ state })).rejects.toThrow(`state file ${state}: ${message}`);
  expect(existsSync(`${state}.lock`)).toBe(false);
});

test("a full disk is an error of the call, and the old state stays whole", async () => {
  // /dev/full is a disk without room, where there is one; every write to it fails.
  const state = fileIn("full");
  const name = await write(state);
  const before = readFileSync(state, "utf8");
  const emulator = await startEmulator({ state });
  symlinkSync("/dev/full", `${state}.tmp.never`);
  mkdirSync(`${state}.tmp`); // the temporary file cannot be made
  const run = await fetch(`${emulator.baseUrl}/v1/networks/1/reports/2:run`, { method: "POST" });
  expect([run.status, ((await run.json()) as { error: { message: string } }).error.message]).toEqual([
    500,
    "the state file cannot be written (EEXIST)",
  ]);
  expect(readFileSync(state, "utf8")).toContain(name);
  expect(before).toContain(name);
  await expect(emulator.close()).rejects.toThrow("cannot be written");
});
