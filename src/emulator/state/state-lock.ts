// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { hostname } from "node:os";

/** The locks held by emulators of this process. */
const held = new Set<string>();

/**
 * Locks a state file for this process, by a lock file next to it. A stale lock of a killed process is taken over.
 *
 * @returns a function that releases the lock
 * @throws Error if another emulator holds the lock
 */
export function lockStateFile(path: string): () => void {
  const lock = `${path}.lock`;
  if (held.has(lock)) throw inUse(path, "an emulator of this process");
  try {
    writeLock(lock);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    const holder = holderOf(lock);
    if (holder !== undefined) throw inUse(path, `${holder}; if that is gone, remove ${lock}`);
    unlinkSync(lock);
    writeLock(lock);
  }
  held.add(lock);
  return () => {
    held.delete(lock);
    try {
      unlinkSync(lock);
    } catch {
      // already removed: the lock is released anyway
    }
  };
}

/** `wx` (O_EXCL) creates the file or fails, and never follows a link. */
function writeLock(lock: string): void {
  const file = openSync(lock, "wx", 0o600);
  try {
    writeSync(file, JSON.stringify({ pid: process.pid, host: hostname() }));
  } finally {
    closeSync(file);
  }
}

/** Who holds a lock, for an error message; `undefined` if that process no longer exists. */
function holderOf(lock: string): string | undefined {
  const { pid, host } = contentOf(lock);
  if (host !== undefined && host !== hostname()) return `process ${pid} on ${host}`;
  if (pid === undefined || pid === process.pid) return undefined; // truncated, or an earlier process with the same pid
  try {
    process.kill(pid, 0); // signal 0 only tests whether the process exists
    return `process ${pid}`;
  } catch (error) {
    return hasCode(error, "EPERM") ? `process ${pid}` : undefined;
  }
}

function contentOf(lock: string): { pid?: number; host?: string } {
  try {
    const { pid, host }: { pid?: unknown; host?: unknown } = JSON.parse(readFileSync(lock, "utf8"));
    return {
      ...(typeof pid === "number" && Number.isInteger(pid) && pid > 0 && { pid }),
      ...(typeof host === "string" && { host }),
    };
  } catch {
    return {}; // truncated by a crash
  }
}

function inUse(path: string, by: string): Error {
  return new Error(`state file ${path}: in use by ${by}`);
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
