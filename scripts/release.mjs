// SPDX-License-Identifier: Apache-2.0
// Checks that a version can be released, and prints its notes (RELEASING.md).
//   node scripts/release.mjs check [TAG]   version, changelog and tag agree
//   node scripts/release.mjs notes [TAG]   the changelog's section of the version
// Reads package.json and CHANGELOG.md of the working directory.
import { readFileSync } from "node:fs";

const [command, tag] = process.argv.slice(2);
const read = (path) => readFileSync(path, "utf8");
const { version } = JSON.parse(read("package.json"));

/** The changelog's text below the heading of this version, up to the next version. */
function notes() {
  const sections = read("CHANGELOG.md").split(/^## /m);
  const section = sections.find((text) => text.startsWith(`${version} - `));
  if (section === undefined)
    throw new Error(
      `CHANGELOG.md: no section of this version (expected "## ${version} - YYYY-MM-DD", step 2 of RELEASING.md)`,
    );
  if (!/^\S+ - \d{4}-\d\d-\d\d\n/.test(section)) {
    throw new Error(`CHANGELOG.md: the section of ${version} has no date (expected YYYY-MM-DD)`);
  }
  return section.slice(section.indexOf("\n") + 1).trim();
}

function check() {
  if (tag !== undefined && tag !== `v${version}`) {
    throw new Error(`tag: does not fit package.json (got ${tag}; expected v${version})`);
  }
  if (notes() === "") throw new Error(`CHANGELOG.md: the section of ${version} is empty`);
  return `${version} can be released`;
}

const COMMANDS = { check, notes };
try {
  const run = COMMANDS[command];
  if (run === undefined) throw new Error(`command: unknown (got ${command}; expected check or notes)`);
  console.log(run());
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
