// SPDX-License-Identifier: Apache-2.0
// npm run test:runtimes [-- expression]: installs the packed package, and has each runtime whose name matches start, watch and
// cancel operations of the emulator.
import { deepStrictEqual } from "node:assert";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { installPackage } from "../../scripts/install-package.mjs";
import { runEach } from "../../scripts/run-each.mjs";

const folder = installPackage(dirname(fileURLToPath(import.meta.url)));
const { RUNTIMES, startEmulator } = await import(pathToFileURL(join(folder, "runtimes.js")));
const emulator = await startEmulator({ reportRuns: { durationMs: 50 } });
const parent = "networks/1/operations/reports/runs";
const start = () => emulator.operations.start({ parent, durationMs: 3_600_000, cancelDelayMs: 0 });
const target = () => ({ baseUrl: emulator.baseUrl, running: [start(), start()] });

await runEach(RUNTIMES, "runtimes", async (run) => {
  for (const result of await run({ target }))
    deepStrictEqual(result, {
      watched: "succeeded",
      cancelled: "cancelled",
      outcome: ["cancelled", 1],
      error: [true, "not-found"],
    });
});
await emulator.close();
