// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";

/** The locks held by emulators of this process. */
const held = new Set<string>();

/**
 * Locks a state file for this process, by a lock file next to it. A stale lock of a killed process is taken over, by one
 * process however many try at once.
 *
 * @returns a function that releases the lock
 * @throws Error if another emulator holds the lock
 */
export function lockStateFile(path: string): () => void {
  const lock = `${path}.lock`;
  if (held.has(lock)) throw inUse(path, "an emulator of this process");
  const id = randomBytes(8).toString("hex");
  const mine = `${lock}.${id}.new`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, host: hostname(), id }), NEW_FILE);
  try {
    while (!tryLock(path, lock, mine)) {
      // another process changed the lock in between
    }
  } finally {
    remove(mine);
  }
  held.add(lock);
  return () => {
    held.delete(lock);
    if (holderAt(lock)?.id === id) remove(lock);
  };
}

/** Creates the file or fails, and never follows a link. */
const NEW_FILE = { flag: "wx", mode: 0o600 } as const;

/**
 * A stale lock stays until it is replaced, and its id names the file that its successor has to create first. As that file
 * can be created only once, one process takes over. If that one is killed before it has replaced the lock, its file is
 * stale too, and has a successor of its own.
 *
 * @returns false if another process was faster; the lock may be stale again by now
 */
function tryLock(path: string, lock: string, mine: string): boolean {
  const { stale, next } = staleLocks(path, lock);
  if (!createAs(mine, next)) return false;
  if (next === lock) return true;
  let isMine = false;
  try {
    // A process that was faster may have replaced the lock, so that `next` is the successor of nothing any more.
    isMine = staleLocks(path, lock).stale.at(-1) === next;
  } finally {
    if (!isMine) remove(next);
  }
  if (!isMine) return false;
  renameSync(next, lock);
  for (const file of stale) if (file !== lock) remove(file);
  return true;
}

/**
 * The lock and the successors that nobody holds any more, the oldest first, and the file to create next.
 *
 * @throws Error if one of them is held
 */
function staleLocks(path: string, lock: string): { stale: readonly string[]; next: string } {
  const stale: string[] = [];
  let next = lock;
  for (let holder = holderAt(next); holder !== undefined; holder = holderAt(next)) {
    const name = runningHolder(holder);
    if (name !== undefined) throw inUse(path, `${name}; if that is gone, remove ${lock}`);
    stale.push(next);
    next = `${next}.${holder.id}`;
  }
  return { stale, next };
}

/** Creates a file with the content of another at once, so that nobody sees a part of it. @returns false if it is there */
function createAs(from: string, file: string): boolean {
  try {
    linkSync(from, file);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    if (!NO_HARD_LINKS.some((code) => hasCode(error, code))) throw error;
    return createCopy(from, file);
  }
  return true;
}

/** What file systems without hard links, such as FAT and some shared folders, respond. */
const NO_HARD_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

function createCopy(from: string, file: string): boolean {
  try {
    writeFileSync(file, readFileSync(from), NEW_FILE);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
  return true;
}

/** The content of a lock file. */
interface Holder {
  readonly pid: number | undefined;
  readonly host: string | undefined;
  /** Unique to each lock; `0` where an older version wrote none. */
  readonly id: string;
}

/** What a lock file says; `undefined` if there is none. */
function holderAt(lock: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(lock, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
  const { pid, host, id } = contentOf(text);
  return {
    pid: typeof pid === "number" && Number.isInteger(pid) && pid > 0 ? pid : undefined,
    host: typeof host === "string" ? host : undefined,
    id: typeof id === "string" && /^[0-9a-f]{16}$/.test(id) ? id : "0",
  };
}

function contentOf(text: string): { pid?: unknown; host?: unknown; id?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {}; // truncated by a crash
  }
}

/** The process that holds a lock, for an error message; `undefined` if it no longer exists. */
function runningHolder({ pid, host }: Holder): string | undefined {
  if (host !== undefined && host !== hostname()) return `process ${pid} on ${host}`;
  if (pid === undefined || pid === process.pid) return undefined; // truncated, or an earlier process with the same pid
  try {
    process.kill(pid, 0); // signal 0 only tests whether the process exists
    return `process ${pid}`;
  } catch (error) {
    return hasCode(error, "EPERM") ? `process ${pid}` : undefined;
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // already removed
  }
}

function inUse(path: string, by: string): Error {
  return new Error(`state file ${path}: in use by ${by}`);
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
