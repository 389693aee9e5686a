// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = new URL("../../", import.meta.url);
const OUT = new URL("node_modules/.cache/route/", ROOT);

/**
 * Compiles the sources one by one, since dist/ joins modules and functions are counted by their source file.
 *
 * @returns {Promise<URL>} the folder with the compiled `src`
 */
export async function compileSources() {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const { type, imports } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8"));
  const own = JSON.stringify({ type, imports }).replaceAll("./dist/esm/", "./");
  writeFileSync(new URL("package.json", OUT), own);
  await build({
    entryPoints: ["src/**/*.ts", "gen/**/*.ts"],
    absWorkingDir: fileURLToPath(ROOT),
    outdir: fileURLToPath(OUT),
    outbase: ".",
    format: "esm",
    target: "node20",
    tsconfigRaw: {},
    logLevel: "error",
  });
  return new URL("src/", OUT);
}
