// SPDX-License-Identifier: Apache-2.0
// The three folders that a build writes, and how their files name each other.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";

/** The modules one by one, with their types: for bundlers and browsers, and what the rest is made of. */
export const MODULES = resolve("dist/esm");
/** A few CommonJS files for Node, with the types again. */
export const COMPILED = resolve("dist/cjs");
/** ES modules that stand for the compiled files. */
export const WRAPPERS = resolve("dist/node");

/** How a file names another in an import. */
export function lead(from, target) {
  return slashes(relative(dirname(from), target)).replace(/^(?!\.)/, "./");
}

/** A path as packages write it, on any platform. */
export function slashes(path) {
  return path.replaceAll("\\", "/");
}

/** Writes a file, and the folders above it. */
export async function write(path, text) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
