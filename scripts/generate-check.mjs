// SPDX-License-Identifier: Apache-2.0
// Fails if gen/ differs from the output of `npm run generate`. Works without git: generates to another folder and compares.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Every file below `folder`, by its path inside it. */
const contents = (folder) =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]),
  );

const fresh = mkdtempSync(join(tmpdir(), "longrunning-gen-"));
try {
  execFileSync("npx", ["--no-install", "buf", "generate", "--output", fresh], { stdio: "inherit" });
  const want = contents(join(fresh, "gen"));
  const have = contents("gen");
  const stale = [...new Set([...want.keys(), ...have.keys()])].filter(
    (path) => want.get(path) !== have.get(path),
  );
  for (const path of stale.sort()) {
    const what = !have.has(path) ? "is missing" : !want.has(path) ? "has no proto file any more" : "is stale";
    console.error(`gen/${path} ${what}: run "npm run generate" and commit the result`);
  }
  if (stale.length > 0) process.exitCode = 1;
  else console.log(`gen/ is fresh: ${want.size} files`);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
