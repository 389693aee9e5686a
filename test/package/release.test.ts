// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../architecture/source-files.js";

const folder = mkdtempSync(join(tmpdir(), "longrunning-release-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const released =
  "# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2030-01-02\n\n- Mended.\n\n## 1.2.2 - 2030-01-01\n\n- Older.\n";

/** Runs the script in a folder with this changelog and version 1.2.3. */
function release(changelog: string, ...words: string[]) {
  writeFileSync(join(folder, "package.json"), '{ "version": "1.2.3" }');
  writeFileSync(join(folder, "CHANGELOG.md"), changelog);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(root, "scripts/release.mjs"), ...words],
    {
      cwd: folder,
      encoding: "utf8",
    },
  );
  return { stdout: stdout.trim(), stderr: stderr.trim(), status };
}

test("a version with a dated section can be released, and has its notes", () => {
  expect(release(released, "check", "v1.2.3")).toEqual({
    stdout: "1.2.3 can be released",
    stderr: "",
    status: 0,
  });
  expect(release(released, "notes")).toEqual({ stdout: "- Mended.", stderr: "", status: 0 });
});

test.each([
  [
    "another tag",
    released,
    ["check", "v1.2.4"],
    "tag: does not fit package.json (got v1.2.4; expected v1.2.3)",
  ],
  [
    "no section",
    "# Changelog\n",
    ["check"],
    'CHANGELOG.md: no section of this version (expected "## 1.2.3 - YYYY-MM-DD", step 2 of RELEASING.md)',
  ],
  [
    "no date",
    "## 1.2.3 - soon\n\n- Mended.\n",
    ["check"],
    "CHANGELOG.md: the section of 1.2.3 has no date (expected YYYY-MM-DD)",
  ],
  [
    "nothing in it",
    "## 1.2.3 - 2030-01-02\n\n## 1.2.2 - 2030-01-01\n",
    ["check"],
    "CHANGELOG.md: the section of 1.2.3 is empty",
  ],
  ["no such command", released, ["publish"], "command: unknown (got publish; expected check or notes)"],
])("%s is refused", (_, changelog, words, stderr) => {
  expect(release(changelog, ...words)).toEqual({ stdout: "", stderr, status: 1 });
});
