// SPDX-License-Identifier: Apache-2.0
// Builds dist/esm and dist/cjs side by side: the same sources, once as ES modules and once as CommonJS, types for both.
import { spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

/** Runs one compiler pass; rejects when it reports errors. */
function compile(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tsc, "-p", "tsconfig.build.json", ...args], { stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`tsc ${args.join(" ")} ended with ${code}`)),
    );
  });
}

await rm("dist", { recursive: true, force: true });
await mkdir("dist/cjs", { recursive: true });
// The nearest package.json decides how Node reads a folder, so the CommonJS half brings its own, with the engine
// behind "#http-client" in its own half.
await writeFile(
  "dist/cjs/package.json",
  `${JSON.stringify({
    type: "commonjs",
    sideEffects: false,
    imports: {
      "#http-client": {
        node: "./src/transport/http-client/undici.js",
        default: "./src/transport/http-client/fetch.js",
      },
    },
  })}\n`,
);
await Promise.all([
  compile("--outDir", "dist/esm"),
  compile(
    "--outDir",
    "dist/cjs",
    "--module",
    "commonjs",
    "--moduleResolution",
    "bundler",
    "--verbatimModuleSyntax",
    "false",
  ),
]).catch((error) => {
  console.error(String(error));
  process.exitCode = 1;
});
