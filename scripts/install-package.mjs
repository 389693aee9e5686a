// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildIfStale } from "./build-if-stale.mjs";

/** The exit status if packages could not be installed because the registry is unreachable. */
export const NOT_INSTALLED = 75; // EX_TEMPFAIL of sysexits.h

const root = fileURLToPath(new URL("../", import.meta.url));

/**
 * Copies a folder with a lock file out of this project, whose packages and settings would otherwise be found, and installs
 * the packages of the lock file there, and this package as packed by `npm pack`. @returns the copy
 */
export function installPackage(folder) {
  const copy = join(tmpdir(), "longrunning-test", basename(folder));
  cpSync(folder, copy, { recursive: true, filter: (path) => !path.includes("node_modules") });
  installLocked(copy);
  buildIfStale();
  const packed = mkdtempSync(join(tmpdir(), "longrunning-pack-"));
  try {
    npm(root, "pack", "--pack-destination", packed);
    npm(copy, "install", "--no-save", "--no-package-lock", join(packed, readdirSync(packed)[0]));
  } finally {
    rmSync(packed, { recursive: true });
  }
  return copy;
}

/** Runs `npm ci`, unless it has been run for this lock file. */
function installLocked(folder) {
  const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
  const stamp = join(folder, "node_modules/.installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  npm(folder, "ci");
  writeFileSync(stamp, lock);
}

function npm(cwd, ...args) {
  try {
    execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd,
      stdio: ["ignore", "ignore", "inherit"],
    });
  } catch {
    console.error(`NOT RUN: npm ${args[0]} failed in ${cwd}`);
    process.exit(NOT_INSTALLED);
  }
}
