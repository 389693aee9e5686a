// SPDX-License-Identifier: Apache-2.0
// npm run test:bundlers [-- expression]: installs the packed package, has each tool whose name matches build the program, runs
// what it built against the emulator, and compares what the program says.
import { deepStrictEqual } from "node:assert";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { installPackage } from "../../scripts/install-package.mjs";
import { runEach } from "../../scripts/run-each.mjs";

const folder = installPackage(dirname(fileURLToPath(import.meta.url)));
const { resultsOf, startEmulator, TOOLS } = await import(pathToFileURL(join(folder, "tools.js")));
const emulator = await startEmulator();
const parent = "networks/1/operations/reports/runs";
const start = () => ({
  baseUrl: emulator.baseUrl,
  name: emulator.operations.start({ parent, durationMs: 3_600_000, cancelDelayMs: 0 }),
});

await runEach(TOOLS, "bundlers and compilers", async (tool) => {
  for (const result of await resultsOf(tool, start))
    deepStrictEqual(result, {
      state: "cancelled",
      reason: "not-found",
      isCallError: true,
      stub: "google.longrunning.Operation",
    });
});
await emulator.close();
