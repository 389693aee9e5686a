// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { Writable } from "node:stream";
import { run } from "../../src/cli/program.js";
import { type RunOptions, stdinOf } from "./command.js";
import { home } from "./home.js";
import { createOutput, type Ended, type Running } from "./output.js";

interface HereOptions extends RunOptions {
  /** Whether both outputs say that they are a terminal. @default false */
  readonly isTerminal?: boolean;
  /** Whether Ctrl-C comes as soon as the command listens for it. @default false */
  readonly isInterrupted?: boolean;
}

const running = new Set<Running>();

afterAll(async () => {
  for (const { kill, ended } of running) {
    kill("SIGTERM");
    await ended;
  }
});

/**
 * Starts the command line in this process, from the sources. Its environment is what the test gives; that of the process,
 * which a credential, a proxy or an authority is read from, stays.
 */
export function beginHere(args: readonly string[], options: HereOptions = {}): Running {
  const { cwd = home(), env = {}, isTerminal = false, isInterrupted = false } = options;
  const output = createOutput();
  const sink = (name: "stdout" | "stderr") => {
    const write = (chunk: unknown, _: unknown, done: () => void) => {
      output.write(name, String(chunk));
      done();
    };
    return Object.assign(new Writable({ write }), { isTTY: isTerminal });
  };
  const listeners = new Map<string, () => void>();
  const status = run({
    args,
    env: { HOME: home(), ...env },
    cwd,
    stdin: stdinOf(options),
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    onSignal: (signal, listener) => {
      listeners.set(signal, listener);
      if (isInterrupted && signal === "SIGINT") listener();
      return () => listeners.delete(signal);
    },
    exit: (ended) => {
      throw new Error(`ended at once, with ${ended}`);
    },
  });
  const started = output.runOf(status, (signal) => {
    const listener = listeners.get(signal);
    if (listener === undefined) throw new Error(`nothing listens for ${signal}`);
    listener();
  });
  const forget = () => running.delete(started);
  running.add(started);
  started.ended.then(forget, forget);
  return started;
}

/** Runs it to its end. */
export function runHere(args: readonly string[], options?: HereOptions): Promise<Ended> {
  return beginHere(args, options).ended;
}

/** The words of a line, as a shell has them. */
export function wordsOf(line: string): string[] {
  const words = execFileSync("/bin/sh", ["-c", `printf '%s\\0' ${line}`], { cwd: home(), encoding: "utf8" });
  return words.split("\0").slice(0, -1);
}

/** A help page: `helpOf("help", "get")`. */
export async function helpOf(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runHere(args);
  expect({ args, status, stderr }).toEqual({ args, status: 0, stderr: "" });
  return stdout;
}
