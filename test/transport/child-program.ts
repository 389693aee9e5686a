// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");

/** A program as a file that `node` runs by itself. */
export interface ChildProgram {
  /** Where it is. */
  readonly file: string;
  /** Runs it to its end; rejects when it does not end within 15 seconds. */
  run(...args: string[]): Promise<{ output: string; status: number | null }>;
  /** The same with another limit, in milliseconds. */
  runFor(ms: number, ...args: string[]): Promise<{ output: string; status: number | null }>;
  /** Deletes the file. */
  remove(): void;
}

/** Bundles a TypeScript program that stands beside the tests. `env` is added to the environment of each run. */
export function bundleProgram(source: string, env: Readonly<NodeJS.ProcessEnv> = {}): ChildProgram {
  const directory = mkdtempSync(join(tmpdir(), "longrunning-"));
  const file = join(directory, "program.cjs");
  const { status, stderr } = spawnSync(
    join(root, "node_modules/.bin/esbuild"),
    [source, "--bundle", "--platform=node", `--outfile=${file}`],
    { cwd: root },
  );
  if (status !== 0) throw new Error(`esbuild: ${stderr}`);
  const runFor: ChildProgram["runFor"] = (ms, ...args) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [file, ...args], {
        timeout: ms,
        env: { ...process.env, ...env },
      });
      let output = "";
      child.stdout.on("data", (chunk) => {
        output += chunk;
      });
      child.stderr.on("data", (chunk) => {
        output += chunk;
      });
      child.on("error", reject);
      child.on("close", (exit, signal) => {
        if (signal === null) resolve({ output, status: exit });
        else reject(new Error(`the program did not end by itself; so far it said: ${output}`));
      });
    });
  return {
    file,
    run: (...args) => runFor(15_000, ...args),
    runFor,
    remove: () => rmSync(directory, { recursive: true }),
  };
}
