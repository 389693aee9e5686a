// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, isAbsolute, join, sep } from "node:path";
import type { ProcessContext } from "../process.js";
import { UsageError } from "../usage-error.js";
import { isTrusted } from "./trust-store.js";

/** A settings file, read only once, so that the contents checked are those used. */
export interface ConfigFile {
  /** Symbolic links resolved, unless it is in the user's own configuration folder. */
  readonly path: string;
  /** The folder that paths in it are relative to. */
  readonly folder: string;
  readonly text: string;
  readonly origin: "own" | "trusted" | "folder";
}

/** Maximum size of a file, in bytes; another user's file may be endless. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The user's own configuration folder: `$XDG_CONFIG_HOME/longrunning`, by default `~/.config/longrunning`. */
export function ownFolder({ XDG_CONFIG_HOME = "", HOME = "" }: ProcessContext["env"]): string {
  // A relative path would be in the working directory, which may be somebody else's. XDG has them ignored.
  if (isAbsolute(XDG_CONFIG_HOME)) return join(XDG_CONFIG_HOME, "longrunning");
  const home = [HOME, homedir()].find((path) => isAbsolute(path)) ?? homeInAccounts();
  return join(home, ".config", "longrunning");
}

/** The home directory in the system's list of accounts, where no variable names one; the root for a user who is not in it. */
function homeInAccounts(): string {
  try {
    return userInfo().homedir;
  } catch {
    return "/";
  }
}

/**
 * Reads a settings file and determines its origin. A file is the user's own if its path is in the user's configuration
 * folder (even as a link to elsewhere) or its real path is (a link from elsewhere).
 *
 * @param isTyped - the path was typed: it may be a pipe, such as a shell's `<(command)`
 * @throws the system's error, or UsageError for a path that is not a file or is too large
 */
export function readConfigFile(path: string, env: ProcessContext["env"], isTyped = false): ConfigFile {
  const own = ownFolder(env);
  if (isInside(path, own)) return { ...read(path, isTyped), origin: "own" };
  const file = read(realPathOf(path), isTyped);
  if (isInside(file.path, realPathOf(own))) return { ...file, origin: "own" };
  return { ...file, origin: isTrusted(own, file) ? "trusted" : "folder" };
}

function read(path: string, isTyped: boolean) {
  if (isTyped) return { path, folder: dirname(path), text: textOf(readFileSync(path)) };
  // Opening a pipe without a writer would block.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new UsageError(`${path}: is not a regular file`);
    if (stat.size > MAX_BYTES) {
      throw new UsageError(`${path}: is too large (got ${stat.size} bytes; expected at most ${MAX_BYTES})`);
    }
    return { path, folder: dirname(path), text: textOf(readFileSync(descriptor)) };
  } finally {
    closeSync(descriptor);
  }
}

/** The text of a file: UTF-8, or UTF-16 with its mark, which is what `>` of Windows PowerShell 5 writes. */
export function textOf(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return isUtf16 ? bytes.toString("utf16le", 2) : bytes.toString("utf8");
}

/** The path with symbolic links resolved; unchanged if it does not exist. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // Opening it reports that it does not exist.
  }
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder + sep);
}
