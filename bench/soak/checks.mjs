// SPDX-License-Identifier: Apache-2.0
// What the long runs check and print: a line for each check, the heap after a collection, and whether anything failed.

let failed = 0;

/** Prints a check and counts it if it is not met. */
export function check(isMet, text) {
  if (!isMet) failed += 1;
  console.log(`  ${isMet ? "ok   " : "WRONG"} ${text}`);
}

/** Sets the exit status by the checks so far, and returns how many failed. */
export function endChecks() {
  process.exitCode = failed === 0 ? 0 : 1;
  return failed;
}

/** The bytes of the heap that are still in use after a collection. Needs `--expose-gc`. */
export async function heapBytes() {
  for (let pass = 0; pass < 5; pass++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}

export const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
