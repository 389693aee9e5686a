// SPDX-License-Identifier: Apache-2.0
import { createInterface } from "node:readline";
import { lockStateFile } from "../../src/emulator/state/state-lock.js";

// A program that locks each state file whose path it reads, and prints `held`, or why it does not hold it.
createInterface(process.stdin).on("line", (path) => {
  try {
    lockStateFile(path);
    process.stdout.write("held\n");
  } catch (error) {
    process.stdout.write(`${String(error)}\n`);
  }
});
