// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildIfStale } from "./build-if-stale.mjs";

/** The exit status if packages could not be had: the registry is unreachable, or does not serve them. */
export const NOT_INSTALLED = 75; // EX_TEMPFAIL of sysexits.h

/** Error codes of npm that are the registry's or the network's. All others are mistakes of this project. */
const REGISTRY_ERROR =
  /^npm error code (ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|E\w+UNREACH|ERR_SOCKET_TIMEOUT|E40[34]|E5\d\d)$/m;

const root = fileURLToPath(new URL("../", import.meta.url));

/** Packages could not be had from the registry. */
export class NotInstalledError extends Error {}

/**
 * Copies a folder with a lock file out of this project, whose packages and settings would otherwise be found, and installs
 * the packages of the lock file there, and this package as packed by `npm pack`. Ends the process with {@link NOT_INSTALLED}
 * if the registry has them not. Packages such as `typescript@5.9` in `others` take the place of the lock file's.
 *
 * @returns the copy
 */
export function installPackage(folder, others = []) {
  const copy = join(
    tmpdir(),
    "longrunning-test",
    [basename(folder), ...others].join("+").replaceAll("/", "-"),
  );
  cpSync(folder, copy, { recursive: true, filter: (path) => !path.includes("node_modules") });
  buildIfStale();
  const packed = mkdtempSync(join(tmpdir(), "longrunning-pack-"));
  orNotRun(() => {
    try {
      installLocked(copy);
      npm(root, "pack", "--pack-destination", packed);
      npm(copy, "install", "--no-save", "--no-package-lock", join(packed, readdirSync(packed)[0]), ...others);
    } finally {
      rmSync(packed, { recursive: true });
    }
  });
  return copy;
}

/** Runs `install`, and ends the process with {@link NOT_INSTALLED} if the registry has not what it needs. */
export function orNotRun(install) {
  try {
    install();
  } catch (error) {
    if (!(error instanceof NotInstalledError)) throw error;
    console.error(`NOT RUN: ${error.message}`);
    process.exit(NOT_INSTALLED);
  }
}

/** Runs `npm ci`, unless it has been run for this lock file. @throws NotInstalledError if the registry has not the packages */
export function installLocked(folder) {
  const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
  installOnce(folder, lock, join(folder, "node_modules/.installed"), () => npm(folder, "ci"));
}

/**
 * Installs one package, such as `jest@29`, into a folder of its own below `node_modules/.cache`, unless it is there.
 *
 * @throws NotInstalledError if the registry has it not. @returns the folder
 */
export function installCached(name, spec) {
  const folder = join(root, "node_modules/.cache", name);
  mkdirSync(folder, { recursive: true });
  installOnce(folder, spec, join(folder, "node_modules/.installed"), () => {
    if (!existsSync(join(folder, "package.json")))
      writeFileSync(join(folder, "package.json"), '{ "private": true }');
    npm(folder, "install", "--no-save", "--no-package-lock", spec);
  });
  return folder;
}

/** Runs `install` unless it was run for `what`, which is then noted in the file `stamp`. */
export function installOnce(folder, what, stamp, install) {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === what) return;
  install(folder);
  writeFileSync(stamp, what);
}

function npm(cwd, ...args) {
  try {
    execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd,
      stdio: ["ignore", "ignore", "pipe"],
    });
  } catch (error) {
    const text = String(error.stderr);
    process.stderr.write(text);
    const Failure = REGISTRY_ERROR.test(text) ? NotInstalledError : Error;
    throw new Failure(`npm ${args[0]} failed in ${cwd}`, { cause: error });
  }
}
