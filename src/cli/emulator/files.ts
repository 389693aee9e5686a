// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { textOf } from "../arguments/config-file.js";
import { UsageError } from "../usage-error.js";

/** Parses a text file. @throws UsageError that names the flag */
export function readAs<T>(path: string, flag: string, parse: (text: string) => T): T {
  return reading(path, flag, () => parse(textOf(readFileSync(path))));
}

/** The bytes of a file. @throws UsageError that names the flag */
export function readFile(path: string, flag: string): Uint8Array {
  return reading(path, flag, () => readFileSync(path));
}

/** Runs something with a file. @throws UsageError that names the flag */
export function reading<T>(path: string, flag: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${flag} ${path}: ${problem}`, { cause });
  }
}
