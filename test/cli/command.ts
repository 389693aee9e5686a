// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { root } from "../architecture/source-files.js";

const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The command as it was built, where package.json says that it is; `npm test` builds first. */
export const COMMAND: string = join(root, bin.longrunning);

/** What became of a process. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Its standard input. @default nothing */
  readonly input?: string | Iterable<string>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A process under way. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves with its standard output so far, when either stream has a text in it. */
  said(text: string): Promise<string>;
  readonly ended: Promise<Ended>;
}

const folder = mkdtempSync(join(tmpdir(), "longrunning-cli-"));
const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** An empty folder of this test file, which is gone with it: the working directory and the home of its processes. */
export function home(): string {
  return folder;
}

/** What a process is started in: nothing of this machine's settings, and what the test adds to that. */
export function processOptions({ cwd, env }: RunOptions): {
  cwd: string;
  env: Record<string, string | undefined>;
} {
  return { cwd: cwd ?? folder, env: { PATH: process.env.PATH, HOME: folder, TERM: "xterm", ...env } };
}

/** Starts the command with nothing of this machine's settings. */
export function begin(args: readonly string[], options: RunOptions = {}): Running {
  return beginProgram(process.execPath, [COMMAND, ...args], options);
}

/** Starts any program in the same options. */
export function beginProgram(program: string, args: readonly string[], options: RunOptions = {}): Running {
  const child = spawn(program, args, processOptions(options));
  running.add(child);
  const output = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
      for (const listener of listeners) listener();
    });
  }
  child.stdin.on("error", () => undefined); // It may end before it has read all.
  Readable.from(typeof options.input === "string" ? [options.input] : (options.input ?? [])).pipe(
    child.stdin,
  );
  const ended = once(child, "close").then(([status]) => {
    running.delete(child);
    return { status, ...output };
  });
  const said = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const check = () => {
        if (!`${output.stdout}${output.stderr}`.includes(text)) return;
        listeners.delete(check);
        resolve(output.stdout);
      };
      listeners.add(check);
      check();
      void ended.then(() => reject(new Error(`it ended without ${text}: ${output.stdout}${output.stderr}`)));
    });
  return { child, said, ended };
}

/** Runs the command to its end. */
export function run(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return begin(args, options).ended;
}
