// SPDX-License-Identifier: Apache-2.0
// Builds the documentation site into scripts/docs/dist: collects the documents as pages, writes the reference from the
// docstrings, and runs VitePress, which fails on a dead link. Run it with `npm run docs`.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Documents of the repository's top level that are pages of the site, too. */
export const TOP_LEVEL = [
  "ARCHITECTURE.md",
  "BENCHMARKS.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "RELEASING.md",
  "SECURITY.md",
];

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const pages = join(here, "pages");

/** The address of the repository, from package.json. */
export const REPOSITORY = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).homepage.split("#")[0];

function collectPages() {
  rmSync(pages, { recursive: true, force: true });
  mkdirSync(pages);
  cpSync(join(root, "docs"), pages, { recursive: true });
  cpSync(join(root, "docs/images"), join(pages, "public/images"), { recursive: true });
  for (const document of TOP_LEVEL) cpSync(join(root, document), join(pages, document.toLowerCase()));
}

const run = (command, ...args) =>
  execFileSync(join(here, "node_modules/.bin", command), args, { cwd: here, stdio: "inherit" });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  collectPages();
  run(
    "typedoc",
    "--options",
    "typedoc.json",
    "--logLevel",
    "Warn",
    "--sourceLinkTemplate",
    `${REPOSITORY}/blob/main/{path}#L{line}`,
  );
  run("vitepress", "build");
}
