// SPDX-License-Identifier: Apache-2.0
// npm run test:runtimes [-- expression]: installs the packed package, and has each runtime whose name matches start, watch and
// cancel operations of the emulator.
import { deepStrictEqual } from "node:assert";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { installPackage } from "../../scripts/install-package.mjs";

const [expression = ""] = process.argv.slice(2);
const wanted = new RegExp(expression, "i");
const folder = installPackage(dirname(fileURLToPath(import.meta.url)));
const { RUNTIMES, startEmulator } = await import(pathToFileURL(join(folder, "runtimes.js")));
const emulator = await startEmulator({ reportRuns: { durationMs: 50 } });
const parent = "networks/1/operations/reports/runs";
const start = () => emulator.operations.start({ parent, durationMs: 3_600_000, cancelDelayMs: 0 });
const target = () => ({ baseUrl: emulator.baseUrl, running: [start(), start()] });

let failed = 0;
const runtimes = Object.entries(RUNTIMES).filter(([name]) => wanted.test(name));
for (const [name, run] of runtimes) {
  try {
    for (const result of await run({ target }))
      deepStrictEqual(result, {
        watched: "succeeded",
        cancelled: "cancelled",
        outcome: ["cancelled", 1],
        error: [true, "not-found"],
      });
    console.log(`ok      ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}\n${error.stack}\n${error.stdout ?? ""}`);
  }
}
await emulator.close();
console.log(`${runtimes.length - failed} of ${runtimes.length} runtimes right`);
process.exitCode = failed > 0 || runtimes.length === 0 ? 1 : 0;
