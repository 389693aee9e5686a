// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../usage-error.js";

// One file per trusted file, as in direnv: its name is the hash of path and content, its content is the path.

/** A file with its content. */
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

/** Revokes the trust in a path. @returns whether it was trusted */
export function revokeFile(own: string, path: string): boolean {
  const found = recordsIn(own).filter((record) => record.path === path);
  for (const { hash } of found) rmSync(join(storeFolder(own), hash));
  return found.length > 0;
}

/** The trusted files: each path, and the hash that it must still have. */
export function recordsIn(own: string): { readonly path: string; readonly hash: string }[] {
  const folder = storeFolder(own);
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  checkStore(folder);
  return readdirSync(folder)
    .filter((name) => /^[\da-f]{64}$/.test(name))
    .map((hash) => ({ hash, path: readFileSync(join(folder, hash), "utf8") }));
}

/** The hash of a path and its content; the length marks the end of the path. */
export function hashOf({ path, text }: KnownFile): string {
  return createHash("sha256").update(`${path.length}\n${path}\n${text}`).digest("hex");
}

function storeFolder(own: string): string {
  return join(own, "trusted");
}

/** Rejects a store that another user can write to. */
function checkStore(folder: string): void {
  const stat = lstatSync(folder);
  const isOwned =
    process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0);
  if (stat.isDirectory() && isOwned) return;
  throw new UsageError(`${folder}: is not safe (expected a folder of yours that nobody else can write to)`);
}
