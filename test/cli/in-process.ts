// SPDX-License-Identifier: Apache-2.0
import { Readable, Writable } from "node:stream";
import { run } from "../../src/cli/program.js";
import { type Ended, home, type RunOptions } from "./command.js";

/**
 * Runs the command line in this process, from the sources: for tables of cases, where a process for each would take most
 * of the time. Its environment is what the test gives; that of the process, which a credential may be read from, stays.
 */
export async function runHere(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd = home(), env = {}, input = [] } = options;
  const output = { stdout: "", stderr: "" };
  const sink = (name: keyof typeof output) =>
    new Writable({
      write: (chunk, _, done) => {
        output[name] += String(chunk);
        done();
      },
    });
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
