// SPDX-License-Identifier: Apache-2.0
// Builds the documentation site into scripts/docs/dist: collects the documents as pages, writes the reference from the
// docstrings, and runs VitePress, which fails on a dead link. Run it with `npm run docs`; the exit status is 75 if what it
// needs could not be had from the registry.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installLocked, orNotRun } from "../install-package.mjs";
import { REPOSITORY, TOP_LEVEL } from "./sources.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const pages = join(here, "pages");

function collectPages() {
  rmSync(pages, { recursive: true, force: true });
  mkdirSync(pages);
  cpSync(join(root, "docs"), pages, { recursive: true });
  cpSync(join(root, "docs/images"), join(pages, "public/images"), { recursive: true });
  for (const document of TOP_LEVEL) cpSync(join(root, document), join(pages, document.toLowerCase()));
}

const run = (command, ...args) =>
  execFileSync(join(here, "node_modules/.bin", command), args, { cwd: here, stdio: "inherit" });

orNotRun(() => installLocked(here));
collectPages();
const source = `${REPOSITORY}/blob/main/src/{path}#L{line}`; // paths are relative to those of the entry points
run("typedoc", "--options", "typedoc.json", "--logLevel", "Warn", "--sourceLinkTemplate", source);
run("vitepress", "build");
