// SPDX-License-Identifier: Apache-2.0
// Builds dist/ unless it is newer than all of its sources.
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

/** Runs `npm run build` if a source was changed after the last build. */
export function buildIfStale() {
  if (SOURCES.every((path) => newestOf(`${root}${path}`) < builtMs())) return;
  execSync("npm run --silent build", { cwd: root, stdio: "inherit" });
}

/** The latest modification time below a path. A folder is modified when a file in it is added or removed. */
function newestOf(path) {
  const at = statSync(path);
  const inside = at.isDirectory() ? readdirSync(path).map((name) => newestOf(`${path}/${name}`)) : [];
  return Math.max(at.mtimeMs, ...inside);
}

/** The start of the last build, from the file that it writes first. A failed build leaves no package. */
function builtMs() {
  const times = ["esm/src/index.js", "node/src/index.js", "cjs/src/index.d.ts"].map(
    (file) => statSync(`${root}dist/${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return Math.min(...times);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildIfStale();
