// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../usage-error.js";

// One file for each trusted file, as direnv has it: its name is the hash of path and content, its content is the path.

/** A file whose content is known. */
export interface KnownFile {
  readonly path: string;
  readonly text: string;
}

/** Whether the user has trusted this content at this path. @param own - the user's own configuration folder */
export function isTrusted(own: string, file: KnownFile): boolean {
  return recordsIn(own).some(({ hash }) => hash === hashOf(file));
}

/** Trusts this content at this path, and no earlier content of it. */
export function trustFile(own: string, file: KnownFile): void {
  const folder = storeFolder(own);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  checkStore(folder);
  revokeFile(own, file.path);
  writeFileSync(join(folder, hashOf(file)), file.path, { mode: 0o600, flag: "wx" });
}

/** Takes the trust in a path back. @returns whether there was any */
export function revokeFile(own: string, path: string): boolean {
  const found = recordsIn(own).filter((record) => record.path === path);
  for (const { hash } of found) rmSync(join(storeFolder(own), hash));
  return found.length > 0;
}

/** What is trusted: each path, and the hash that its content must still have. */
export function recordsIn(own: string): { readonly path: string; readonly hash: string }[] {
  const folder = storeFolder(own);
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  checkStore(folder);
  return readdirSync(folder)
    .filter((name) => /^[\da-f]{64}$/.test(name))
    .map((hash) => ({ hash, path: readFileSync(join(folder, hash), "utf8") }));
}

/** The hash of a path and its content; the length says where the path ends. */
export function hashOf({ path, text }: KnownFile): string {
  return createHash("sha256").update(`${path.length}\n${path}\n${text}`).digest("hex");
}

function storeFolder(own: string): string {
  return join(own, "trusted");
}

/** A store that somebody else can write to is no store. */
function checkStore(folder: string): void {
  const stat = lstatSync(folder);
  const isOwned =
    process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0);
  if (stat.isDirectory() && isOwned) return;
  throw new UsageError(`${folder}: is not safe (expected a folder of yours that nobody else can write to)`);
}
