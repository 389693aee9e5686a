// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import type { StoreData } from "../operations/store.js";
import { fromStateText, toStateText } from "./state-json.js";

/** One file that holds a store. */
export interface StateFile {
  /** What the file held at the start; `undefined` when there was none. */
  readonly loaded: StoreData | undefined;
  /** To be called after each change of the store. */
  changed(): void;
  /**
   * Resolves when every change so far is in the file; `undefined` when it is already. Calls are answered
   * after that, so that nothing which was acknowledged is lost.
   *
   * Rejects with a ConnectError `Internal` when the file cannot be written.
   */
  saved(): Promise<void> | undefined;
}

/**
 * Keeps a store in a file. The file is replaced as a whole (written beside, flushed to the disk, renamed), so
 * that a kill at any moment leaves the old state or the new one. Changes that come while one write is under
 * way share the next.
 *
 * @throws Error for a file that is not one of these
 */
export function openStateFile(path: string, data: () => StoreData): StateFile {
  const loaded = existsSync(path) ? load(path) : undefined;
  let changes = 0;
  let safe = 0;
  let writing: Promise<void> | undefined;

  const writeAll = async () => {
    while (safe < changes) {
      await Promise.resolve(); // what changes in this turn goes into one write
      const upTo = changes;
      await replaceFile(path, toStateText(data()));
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
      throw new ConnectError("The state file cannot be written.", Code.Internal, undefined, undefined, cause);
    }
  };
  return {
    loaded,
    changed: () => {
      changes++;
      if (writing === undefined) startWriting().catch(() => {}); // `saved` tries again, and tells
    },
    saved: () => (safe === changes ? undefined : saved()),
  };
}

function load(path: string): StoreData {
  try {
    return fromStateText(readFileSync(path, "utf8"));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${path} is not a state file: ${problem}`, { cause });
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.tmp`;
  const file = await open(beside, "w");
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
