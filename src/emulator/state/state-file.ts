// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { open, rename, unlink } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import type { StoreData } from "../operations/store.js";
import { fromStateText, toStateText } from "./state-json.js";
import { lockStateFile } from "./state-lock.js";

/** A file that stores the operations. */
export interface StateFile {
  /** The file's contents at the start; `undefined` if there was no file. */
  readonly loaded: StoreData | undefined;
  /** Call this after each change of the store. */
  changed(): void;
  /**
   * Resolves when every change so far is in the file; `undefined` if it already is. Calls get their response after that,
   * so that no acknowledged change is lost.
   *
   * Rejects with a ConnectError `Internal` if the file cannot be written; the old one is then still intact.
   */
  saved(): Promise<void> | undefined;
  /** Releases the file's lock. */
  close(): void;
}

/**
 * Stores the operations in a file. The file is replaced atomically (written to a temporary file, flushed, renamed), so
 * that a crash at any time leaves either the old or the new state. Changes during a write share the next one. The file's
 * mode and a symbolic link to it are preserved.
 *
 * @throws Error for a file that is not a state file, cannot be read, or is in use by another emulator
 */
export function openStateFile(path: string, data: () => StoreData): StateFile {
  const target = targetOf(path);
  const unlock = locked(path, target);
  let loaded: StoreData | undefined;
  try {
    loaded = load(path, target);
  } catch (error) {
    unlock();
    throw error;
  }
  let changes = 0;
  let safe = 0;
  let writing: Promise<void> | undefined;

  const writeAll = async () => {
    while (safe < changes) {
      await Promise.resolve(); // changes in the same turn share one write
      const upTo = changes;
      await replaceFile(target, toStateText(data()));
      safe = upTo;
    }
  };
  const startWriting = () => {
    writing = writeAll().finally(() => {
      writing = undefined;
    });
    return writing;
  };
  const saved = async () => {
    const wanted = changes;
    try {
      while (safe < wanted) await (writing ?? startWriting());
    } catch (cause) {
      const message = `the state file cannot be written (${codeOf(cause)})`;
      throw new ConnectError(message, Code.Internal, undefined, undefined, cause);
    }
  };
  return {
    loaded,
    changed: () => {
      changes++;
      if (writing === undefined) startWriting().catch(() => {}); // `saved` tries again and reports the error
    },
    saved: () => (safe === changes ? undefined : saved()),
    close: unlock,
  };
}

/** The target of the path if it is a link. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return isLink(path) ? resolve(dirname(path), readlinkSync(path)) : path; // does not exist yet
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function locked(path: string, target: string): () => void {
  try {
    return lockStateFile(target);
  } catch (cause) {
    if (codeOf(cause) === "") throw cause;
    throw new Error(`state file ${path}: cannot be written (${codeOf(cause)})`, { cause });
  }
}

function load(path: string, target: string): StoreData | undefined {
  let text: string;
  try {
    text = readFileSync(target, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw new Error(`state file ${path}: cannot be read (${codeOf(cause)})`, { cause });
  }
  try {
    return fromStateText(text);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`state file ${path}: not one of an emulator: ${problem}`, { cause });
  }
}

/** The system's error code: `ENOSPC`, `EROFS`, `EACCES`. */
function codeOf(error: unknown): string {
  const hasCode = typeof error === "object" && error !== null && "code" in error;
  return hasCode && typeof error.code === "string" ? error.code : "";
}

/** The lock makes this process the only writer, so the temporary file can have a fixed name. */
async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.tmp`;
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  await unlink(beside).catch(() => {}); // left by a killed process; removes a link, not its target
  // "wx" (O_EXCL) always creates the file and never follows a link.
  const file = await open(beside, "wx", 0o600);
  try {
    if (mode !== undefined) await file.chmod(mode & 0o7777);
    await file.writeFile(text);
    await file.datasync();
  } catch (error) {
    await unlink(beside).catch(() => {}); // the original error is thrown
    throw error;
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
