// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { lockStateFile } from "../../src/emulator/state/state-lock.js";
import { bundleProgram } from "../transport/child-program.js";

const folder = mkdtempSync(join(tmpdir(), "longrunning-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));

const GONE = 2 ** 22 + 1; // no process of Linux has this id
const staleLock = (id?: string) => JSON.stringify({ pid: GONE, host: hostname(), ...(id && { id }) });

const PROCESSES = 6;
const ROUNDS = process.env.LONG === undefined ? 40 : 400;

test("of many processes that find a stale lock at once, one takes it over", async () => {
  const program = bundleProgram("test/emulator/lock-racer.ts");
  const racers = Array.from({ length: PROCESSES }, () => {
    const child = spawn(process.execPath, [program.file], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    return { child, next: async () => String((await lines.next()).value) };
  });
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const state = join(folder, `race-${round}`);
      writeFileSync(`${state}.lock`, staleLock(round % 2 === 0 ? undefined : "0123456789abcdef"));
      for (const { child } of racers) child.stdin.write(`${state}\n`);
      const results = await Promise.all(racers.map(({ next }) => next()));
      expect(results.filter((result) => result === "held")).toHaveLength(1);
      const others = results.filter((result) => result !== "held");
      expect(others.filter((result) => !result.includes("in use by process"))).toEqual([]);
      expect(readdirSync(folder).filter((name) => name.startsWith(`race-${round}.`))).toEqual([
        `race-${round}.lock`,
      ]);
    }
  } finally {
    for (const { child } of racers) child.kill("SIGKILL");
    program.remove();
  }
}, 120_000);

test("a process that was killed while it took over is taken over in turn", () => {
  const state = join(folder, "chain");
  const [first, second] = ["000000000000000a", "000000000000000b"];
  writeFileSync(`${state}.lock`, staleLock(first));
  writeFileSync(`${state}.lock.${first}`, staleLock(second));
  writeFileSync(`${state}.lock.${first}.${second}`, "");
  const unlock = lockStateFile(state);
  expect(readdirSync(folder).filter((name) => name.startsWith("chain"))).toEqual(["chain.lock"]);
  unlock();
  expect(readdirSync(folder).filter((name) => name.startsWith("chain"))).toEqual([]);
});

test("a successor that runs holds the lock", () => {
  const state = join(folder, "successor");
  writeFileSync(`${state}.lock`, staleLock("000000000000000a"));
  writeFileSync(`${state}.lock.000000000000000a`, JSON.stringify({ pid: process.ppid, host: hostname() }));
  expect(() => lockStateFile(state)).toThrow(`in use by process ${process.ppid};`);
});

test("a lock's id is never a path", () => {
  const state = join(folder, "path");
  writeFileSync(`${state}.lock`, staleLock("/../../escaped"));
  lockStateFile(state)();
  expect(existsSync(join(folder, "../escaped"))).toBe(false);
});

test("releasing leaves a lock that another process made meanwhile", () => {
  const state = join(folder, "foreign");
  const unlock = lockStateFile(state);
  writeFileSync(`${state}.lock`, JSON.stringify({ pid: process.ppid, host: hostname() }));
  unlock();
  expect(existsSync(`${state}.lock`)).toBe(true);
});
