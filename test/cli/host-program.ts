// SPDX-License-Identifier: Apache-2.0
import { Writable } from "node:stream";
import { run } from "../../src/cli/program.js";

/** A run of the command that the host is sent. */
export interface HostedRun {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

// Runs what it is sent one after another, each in the environment and the folder that it names, and sends back how it ended.
process.on("message", async ({ args, env, cwd }: HostedRun) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
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
    env,
    cwd,
    stdin: process.stdin,
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    onSignal: () => () => undefined,
    exit: (status) => process.exit(status),
  });
  process.send?.({ status, ...output });
});
