// SPDX-License-Identifier: Apache-2.0
// Builds dist/: the modules one by one for bundlers and browsers (dist/esm), and for Node a few compiled files that start
// fast (dist/cjs) and the ES modules that lead to them (dist/node). Types for importers and for requirers.
import { spawn } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compileForNode } from "./compile-for-node.mjs";
import { COMPILED, MODULES } from "./paths.mjs";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

/** Runs the compiler; rejects when it reports errors. */
function compileModules() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tsc, "-p", "tsconfig.build.json"], { stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`tsc ended with ${code}`))));
  });
}

await rm("dist", { recursive: true, force: true });
try {
  await compileModules();
} catch (error) {
  console.error(String(error));
  process.exit(1);
}
const commandLine = join(MODULES, "src/cli");
// A declaration says the same to an importer and to a requirer; which of them it is for, the nearest package.json decides.
await cp(MODULES, COMPILED, {
  recursive: true,
  filter: (path) => !path.endsWith(".js") && path !== commandLine,
});
await compileForNode();
await rm(commandLine, { recursive: true }); // compiled, and nobody imports it
