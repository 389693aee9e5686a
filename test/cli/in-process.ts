// SPDX-License-Identifier: Apache-2.0
import { Readable, Writable } from "node:stream";
import { run } from "../../src/cli/program.js";
import { type Ended, home, type RunOptions } from "./command.js";

interface HereOptions extends RunOptions {
  /** Whether both outputs say that they are a terminal. @default false */
  readonly isTerminal?: boolean;
}

/**
 * Runs the command line in this process, from the sources: for tables of cases, where a process for each would take most
 * of the time. Its environment is what the test gives; that of the process, which a credential may be read from, stays.
 */
export async function runHere(args: readonly string[], options: HereOptions = {}): Promise<Ended> {
  const { cwd = home(), env = {}, input = [], isTerminal = false } = options;
  const output = { stdout: "", stderr: "" };
  const sink = (name: keyof typeof output) => {
    const write = (chunk: unknown, _: unknown, done: () => void) => {
      output[name] += String(chunk);
      done();
    };
    return Object.assign(new Writable({ write }), { isTTY: isTerminal });
  };
  const status = await run({
    args,
    env: { HOME: home(), ...env },
    cwd,
    stdin: Readable.from(typeof input === "string" ? [input] : input),
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    onSignal: () => () => undefined,
    exit: (ended) => {
      throw new Error(`ended at once, with ${ended}`);
    },
  });
  return { status, ...output };
}

/** A help page: `helpOf("help", "get")`. */
export async function helpOf(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runHere(args);
  expect({ args, status, stderr }).toEqual({ args, status: 0, stderr: "" });
  return stdout;
}
