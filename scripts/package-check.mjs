// SPDX-License-Identifier: Apache-2.0
// Checks the package as users get it: packs it, runs publint and @arethetypeswrong/cli, and bundles the main
// entry points for a browser. Prints the bundle's size. Needs dist/ (npm run build).
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const run = (command, ...args) =>
  execFileSync("npx", ["--no-install", command, ...args], { stdio: "inherit" });

const folder = mkdtempSync(join(tmpdir(), "longrunning-pack-"));
try {
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const tarball = join(folder, readdirSync(folder)[0]);
  run("publint", "run", tarball, "--strict");
  run("attw", tarball); // every resolution, node10 too
} finally {
  rmSync(folder, { recursive: true, force: true });
}

for (const entryPoint of ["index", "admanager"]) {
  const result = await build({
    entryPoints: [`dist/esm/src/${entryPoint}.js`],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    tsconfigRaw: "{}", // as for users: our tsconfig would resolve "#http-client" to the engine for Node
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const node = Object.values(result.metafile.inputs).flatMap((input) =>
    input.imports
      .filter((imported) => imported.external || imported.path.startsWith("node:"))
      .map((imported) => imported.path),
  );
  if (node.length > 0)
    throw new Error(`the browser bundle of ${entryPoint} reaches for Node: ${node.join(", ")}`);
  const [{ contents }] = result.outputFiles;
  const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
  console.log(
    `browser bundle of ${entryPoint}: ${kib(contents.length)} minified, ${kib(gzipSync(contents, { level: 9 }).length)} gzipped`,
  );
}
