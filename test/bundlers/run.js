// SPDX-License-Identifier: Apache-2.0
// npm run test:bundlers [-- expression]: installs the packed package, has each tool whose name matches build the program, runs
// what it built against the emulator, and compares what the program says.
import { deepStrictEqual } from "node:assert";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { installPackage } from "../../scripts/install-package.mjs";

const [expression = ""] = process.argv.slice(2);
const wanted = new RegExp(expression, "i");
const folder = installPackage(dirname(fileURLToPath(import.meta.url)));
const { resultsOf, startEmulator, TOOLS } = await import(pathToFileURL(join(folder, "tools.js")));
const emulator = await startEmulator();
const parent = "networks/1/operations/reports/runs";
const start = () => ({
  baseUrl: emulator.baseUrl,
  name: emulator.operations.start({ parent, durationMs: 3_600_000, cancelDelayMs: 0 }),
});

let failed = 0;
const tools = Object.entries(TOOLS).filter(([name]) => wanted.test(name));
for (const [name, tool] of tools) {
  const startMs = performance.now();
  try {
    for (const result of await resultsOf(tool, start))
      deepStrictEqual(result, {
        state: "cancelled",
        reason: "not-found",
        isCallError: true,
        stub: "google.longrunning.Operation",
      });
    console.log(`ok      ${name} (${((performance.now() - startMs) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed++;
    console.log(
      `FAILED  ${name}\n${error.stack ?? JSON.stringify(error.diagnostics)}\n${error.stdout ?? ""}${error.stderr ?? ""}`,
    );
  }
}
await emulator.close();
console.log(`${tools.length - failed} of ${tools.length} bundlers and compilers right`);
process.exitCode = failed > 0 || tools.length === 0 ? 1 : 0;
