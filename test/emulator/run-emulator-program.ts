// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { EmulatorOptions } from "../../src/emulator.js";

/** A directory of the test file's own; removed after its last test. */
export const directory = mkdtempSync(join(tmpdir(), "longrunning-"));

const program = join(directory, "emulator-program.cjs");

beforeAll(() => {
  const esbuild = require.resolve("esbuild/bin/esbuild");
  const source = join(__dirname, "emulator-program.ts");
  execFileSync(esbuild, [source, "--bundle", "--platform=node", `--outfile=${program}`, "--log-level=error"]);
}, 60_000);

const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

/** An emulator in a process of its own. */
export interface EmulatorProcess {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly port: number;
  readonly baseUrl: string;
  /** Resolves with the exit status, or the signal that ended the process. */
  readonly ended: Promise<number | string | null>;
}

/** Starts an emulator in a process of its own. */
export async function runEmulatorProgram(options: EmulatorOptions): Promise<EmulatorProcess> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  const ended = once(child, "exit").then((status): number | string | null => status[0] ?? status[1]);
  const [port] = await once(child.stdout.setEncoding("utf8"), "data");
  return { process: child, port: Number(port), baseUrl: `http://127.0.0.1:${Number(port)}`, ended };
}
