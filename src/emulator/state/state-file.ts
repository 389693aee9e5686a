// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { open, rename, unlink } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import type { StoreData } from "../operations/store.js";
import { fromStateText, toStateText } from "./state-json.js";
import { lockStateFile } from "./state-lock.js";

/** One file that holds a store. */
export interface StateFile {
  /** What the file held at the start; `undefined` when there was none. */
  readonly loaded: StoreData | undefined;
  /** To be called after each change of the store. */
  changed(): void;
  /**
   * Resolves when every change so far is in the file; `undefined` when it is already. Calls get their response
   * after that, so that nothing which was acknowledged is lost.
   *
   * Rejects with a ConnectError `Internal` when the file cannot be written; the old one is whole then.
   */
  saved(): Promise<void> | undefined;
  /** Lets other emulators have the file. */
  close(): void;
}

/**
 * Keeps a store in a file. The file is replaced as a whole (written beside, flushed to the disk, renamed), so
 * that a kill at any moment leaves the old state or the new one. Changes that come while one write is under
 * way share the next. Its mode stays, and so does a link to it.
 *
 * @throws Error for a file that is not one of these, cannot be read, or is in use by another emulator
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
      await Promise.resolve(); // what changes in this turn goes into one write
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
      if (writing === undefined) startWriting().catch(() => {}); // `saved` tries again, and tells
    },
    saved: () => (safe === changes ? undefined : saved()),
    close: unlock,
  };
}

/** The file itself, where the path is a link. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return isLink(path) ? resolve(dirname(path), readlinkSync(path)) : path; // not there yet
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

/** The system's own word for what went wrong: `ENOSPC`, `EROFS`, `EACCES`. */
function codeOf(error: unknown): string {
  const hasCode = typeof error === "object" && error !== null && "code" in error;
  return hasCode && typeof error.code === "string" ? error.code : "";
}

/** The lock makes this process the only one that writes beside the file, so that a fixed name will do. */
async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.tmp`;
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  await unlink(beside).catch(() => {}); // of a process that was killed; a link goes, not what it leads to
  // Created anew, never followed: "wx" is O_EXCL.
  const file = await open(beside, "wx", 0o600);
  try {
    if (mode !== undefined) await file.chmod(mode & 0o7777);
    await file.writeFile(text);
    await file.datasync();
  } catch (error) {
    await unlink(beside).catch(() => {}); // the error tells, not this
    throw error;
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
