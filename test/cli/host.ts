// SPDX-License-Identifier: Apache-2.0
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { bundleProgram, type ChildProgram } from "../transport/child-program.js";
import { processOptions, type RunOptions } from "./command.js";
import { home } from "./home.js";
import type { Ended } from "./output.js";

/** A process that runs the command line many times, from the sources: for what depends on the environment of its process. */
export interface Host {
  /** Runs the command in this environment, to its end: one run at a time. */
  run(args: readonly string[], options?: Omit<RunOptions, "input">): Promise<Ended>;
}

let program: ChildProgram | undefined;
const open = new Set<() => void>();

afterAll(() => {
  for (const close of open) close();
  program?.remove();
});

/** Starts a host. What Node reads at its start is here: its own environment, such as `NODE_EXTRA_CA_CERTS`. */
export function startHost(env: Readonly<Record<string, string>> = {}): Host {
  program ??= bundleProgram(join(__dirname, "host-program.ts"));
  const child = fork(program.file, {
    ...processOptions({ env }),
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  open.add(() => child.kill("SIGKILL"));
  return {
    run: async (args, { cwd = home(), env: own = {} } = {}) => {
      child.send({ args, cwd, env: processOptions({ env: own }).env });
      const [ended] = await once(child, "message");
      return ended;
    },
  };
}
