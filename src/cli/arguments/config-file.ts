// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, sep } from "node:path";
import type { ProcessContext } from "../process.js";
import { UsageError } from "../usage-error.js";
import { isTrusted } from "./trust-store.js";

/** A file that has settings, read once: what is checked is what is used. */
export interface ConfigFile {
  /** Without symbolic links, unless it lies in the user's own configuration folder. */
  readonly path: string;
  /** The folder from which paths in it count. */
  readonly folder: string;
  readonly text: string;
  readonly origin: "own" | "trusted" | "folder";
}

/** The largest file that is read, in bytes: one of somebody else may be endless. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The user's own configuration folder: `$XDG_CONFIG_HOME/longrunning`, by default `~/.config/longrunning`. */
export function ownFolder(env: ProcessContext["env"]): string {
  // The specification has a relative path ignored: it would lie in the working directory.
  const { XDG_CONFIG_HOME: config = "", HOME: home = "" } = env;
  return join(isAbsolute(config) ? config : join(home || homedir(), ".config"), "longrunning");
}

/**
 * Reads a file of settings, with its origin. A file belongs to the user when it is named inside of the own
 * configuration folder (which may hold links to elsewhere) or lies there (where a link of another folder leads to).
 *
 * @param isTyped - the path was typed: it may be a pipe, as a shell makes one of `<(command)`
 * @throws the system's error, or UsageError for what is no file or too large
 */
export function readConfigFile(path: string, env: ProcessContext["env"], isTyped = false): ConfigFile {
  const own = ownFolder(env);
  if (isInside(path, own)) return { ...read(path, isTyped), origin: "own" };
  const file = read(realPathOf(path), isTyped);
  if (isInside(file.path, realPathOf(own))) return { ...file, origin: "own" };
  return { ...file, origin: isTrusted(own, file) ? "trusted" : "folder" };
}

function read(path: string, isTyped: boolean) {
  if (isTyped) return { path, folder: dirname(path), text: readFileSync(path, "utf8") };
  // A pipe without a writer would be waited for.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new UsageError(`${path}: is not a regular file`);
    if (stat.size > MAX_BYTES) {
      throw new UsageError(`${path}: is too large (got ${stat.size} bytes; expected at most ${MAX_BYTES})`);
    }
    return { path, folder: dirname(path), text: readFileSync(descriptor, "utf8") };
  } finally {
    closeSync(descriptor);
  }
}

/** The path without symbolic links; as it is when nothing is there. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // Whoever opens it reports that it does not exist.
  }
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder + sep);
}
