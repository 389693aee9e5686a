#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { inspect } from "node:util";
import { createWriter, linesOf } from "./output/writer.js";
import { run } from "./program.js";

const { env, stderr } = process;
const messages = createWriter(stderr, "never", env);

/** Node's warnings that TLS checks are off or an extra authority failed to load. Others only concern programmers. */
const SECURITY_WARNING = /NODE_TLS_REJECT_UNAUTHORIZED|extra certs/;

process.removeAllListeners("warning");
process.on("warning", ({ message }) => {
  if (SECURITY_WARNING.test(message)) messages.lines([[`warning: ${message}`]]);
});

/** Reports a bug of the command line; expected errors are reported by the session. The text is escaped like all output. */
function crash(error: unknown): void {
  messages.lines(linesOf(inspect(error)));
  process.exitCode = 1;
}
process.on("uncaughtException", (error) => {
  crash(error);
  process.exit();
});

run({
  args: process.argv.slice(2),
  env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr,
  onSignal: (signal, listener) => {
    process.on(signal, listener);
    return () => process.off(signal, listener);
  },
  exit: (status) => process.exit(status),
}).then((status) => {
  process.exitCode = status;
}, crash);
