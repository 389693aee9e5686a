#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { run } from "./program.js";

// Node's warnings, and those of libraries, are for programmers; every failure is told in this command's own words.
process.removeAllListeners("warning");

run({
  args: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onSignal: (signal, listener) => {
    process.on(signal, listener);
    return () => process.off(signal, listener);
  },
  exit: (status) => process.exit(status),
}).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error); // A defect: every failure that was thought of is told by the session.
    process.exitCode = 1;
  },
);
