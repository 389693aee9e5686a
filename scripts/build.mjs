// SPDX-License-Identifier: Apache-2.0
// Builds dist/esm and dist/cjs side by side: the same sources, once as ES modules and once as CommonJS, types for both.
import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative } from "node:path";

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

/** A path as `require` wants it, from a folder to a file. */
const relativeTo = (folder, file) =>
  `./${relative(folder, file).replaceAll("\\", "/")}`.replace(/^\.\/\.\.\//, "../");

await rm("dist", { recursive: true, force: true });
await mkdir("dist/cjs", { recursive: true });
// The nearest package.json decides how Node reads a folder, so the CommonJS half brings its own. "#http-client" is looked up
// in the nearest one too: this half names Node's engine itself, and "browser" lets bundlers swap it.
const engine = {
  node: "./src/transport/http-client/undici.js",
  other: "./src/transport/http-client/fetch.js",
};
const library = { "google-auth-library": "./src/interceptors/auth-library-absent.js" };
await writeFile(
  "dist/cjs/package.json",
  `${JSON.stringify({ type: "commonjs", sideEffects: false, browser: { [engine.node]: engine.other, ...library } })}\n`,
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
  process.exit(1);
});
const direct = { "#http-client": engine.node, "#google-auth-library": "google-auth-library" };
for (const entry of await readdir("dist/cjs/src", { recursive: true, withFileTypes: true })) {
  if (!entry.name.endsWith(".js")) continue;
  const path = join(entry.parentPath, entry.name);
  const code = await readFile(path, "utf8");
  const named = code.replaceAll(/require\("(#[^"]+)"\)/g, (_, alias) => {
    const target = direct[alias];
    if (target === undefined)
      throw new Error(`${path} loads ${alias}, which the CommonJS half has no name for`);
    const local = target.startsWith("./") ? relativeTo(entry.parentPath, join("dist/cjs", target)) : target;
    return `require("${local}")`;
  });
  if (named !== code) await writeFile(path, named);
}
