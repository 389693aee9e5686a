// SPDX-License-Identifier: Apache-2.0
// Builds dist/ unless it is newer than everything that it is made of.
import { execSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const SOURCES = [
  "src",
  "gen",
  "scripts/licenses",
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "tsdown.config.js",
];

/** Runs `npm run build` when something was changed after the last one. */
export function buildIfStale() {
  if (SOURCES.every((path) => newestOf(`${root}${path}`) < builtMs())) return;
  execSync("npm run --silent build", { cwd: root, stdio: "inherit" });
}

/** When the newest thing below a path was changed. A folder is changed when a file in it comes or goes. */
function newestOf(path) {
  const at = statSync(path);
  const inside = at.isDirectory() ? readdirSync(path).map((name) => newestOf(`${path}/${name}`)) : [];
  return Math.max(at.mtimeMs, ...inside);
}

/** When the last build began, by what it writes first. A build that fails leaves no package. */
function builtMs() {
  const times = ["esm/src/index.js", "node/src/index.js", "cjs/src/index.d.ts"].map(
    (file) => statSync(`${root}dist/${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return Math.min(...times);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildIfStale();
