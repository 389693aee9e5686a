// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { hostname } from "node:os";

/** Files that an emulator of this process holds. */
const held = new Set<string>();

/**
 * Takes a state file for this process alone, by a file beside it. A lock that a killed process left is taken over.
 *
 * @returns what gives it back
 * @throws Error when another emulator has it
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
      // somebody removed it: it is given back all the same
    }
  };
}

/** `wx` creates the file or fails, and follows no link (O_EXCL). */
function writeLock(lock: string): void {
  const file = openSync(lock, "wx", 0o600);
  try {
    writeSync(file, JSON.stringify({ pid: process.pid, host: hostname() }));
  } finally {
    closeSync(file);
  }
}

/** Who holds a lock, for people; `undefined` for a process that is gone. */
function holderOf(lock: string): string | undefined {
  const { pid, host } = contentOf(lock);
  if (host !== undefined && host !== hostname()) return `process ${pid} on ${host}`;
  if (pid === undefined || pid === process.pid) return undefined; // half written, or by the same number before a restart
  try {
    process.kill(pid, 0); // sends nothing: asks whether the process is there
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
    return {}; // cut off by a kill
  }
}

function inUse(path: string, by: string): Error {
  return new Error(`state file ${path}: in use by ${by}`);
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
