// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { root } from "../architecture/source-files.js";
import { home } from "./home.js";
import { createOutput, type Ended, type Running } from "./output.js";

const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The command as it was built, where package.json says that it is. */
export const COMMAND: string = join(root, bin.longrunning);

export interface RunOptions {
  /** Its standard input. @default nothing */
  readonly input?: string | Iterable<string>;
  readonly env?: Readonly<Record<string, string>>;
  /** @default {@link home} */
  readonly cwd?: string;
}

const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** What a process is started in: nothing of this machine's settings, and what the test adds to that. */
export function processOptions({ cwd, env }: RunOptions): {
  cwd: string;
  env: Record<string, string | undefined>;
} {
  return { cwd: cwd ?? home(), env: { PATH: process.env.PATH, HOME: home(), TERM: "xterm", ...env } };
}

/** Starts the command in a process of its own: for what depends on the process. {@link beginHere} takes a tenth of the time. */
export function begin(args: readonly string[], options: RunOptions = {}): Running {
  return beginProgram(process.execPath, [COMMAND, ...args], options);
}

/** Starts any program in the same options. */
export function beginProgram(program: string, args: readonly string[], options: RunOptions = {}): Running {
  const child = spawn(program, args, processOptions(options));
  running.add(child);
  const output = createOutput();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => output.write(stream, text));
  }
  child.stdin.on("error", () => undefined); // It may end before it has read all.
  stdinOf(options).pipe(child.stdin);
  const status = once(child, "close").then(([status]) => {
    running.delete(child);
    return status;
  });
  return output.runOf(status, (signal) => child.kill(signal));
}

/** The standard input of a run. */
export function stdinOf({ input = [] }: RunOptions): Readable {
  return Readable.from(typeof input === "string" ? [input] : input);
}

/** Runs the command to its end. */
export function run(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return begin(args, options).ended;
}
