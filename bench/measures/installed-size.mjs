// SPDX-License-Identifier: Apache-2.0
// What `npm install --omit=dev` puts on the disk, added up from the packages that are installed here already: no network.
import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

export const name = "installed";

export async function measure() {
  const own = await ownSize();
  const ours = await closureOf(ROOT);
  const theirs = [];
  for (const peer of ["@google-ads/admanager", "google-gax", "@grpc/grpc-js", "@connectrpc/connect-node"]) {
    const folder = await packageFolder(peer, ROOT);
    theirs.push([peer, (await closureOf(folder)).set(folder, await sizeOf(folder))]);
  }
  const total = (sizes) => [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const row = (title, bytes, packages) => [title, (bytes / 1e6).toFixed(1), String(packages)];
  const oursBytes = own + total(ours);
  return {
    title: "Installed size with all regular dependencies",
    how: "bytes of the files, of the package and of everything its `dependencies` bring; ours as `npm pack` has it",
    columns: ["package", "MB", "packages"],
    rows: [
      row("longrunning", oursBytes, ours.size + 1),
      row("longrunning without its dependencies", own, 1),
      ...theirs.map(([peer, sizes]) => row(peer, total(sizes), sizes.size)),
    ],
    samples: {
      longrunning: [oursBytes],
      ...Object.fromEntries(theirs.map(([peer, sizes]) => [peer, [total(sizes)]])),
    },
  };
}

async function ownSize() {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: ROOT,
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout)[0].unpackedSize;
}

/** The folders and sizes of all packages that a package needs at run time, itself left out. */
async function closureOf(folder, sizes = new Map()) {
  const { dependencies = {}, optionalDependencies = {} } = await manifestOf(folder);
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const found = await packageFolder(dependency, folder);
    if (found === undefined || sizes.has(found)) continue;
    sizes.set(found, await sizeOf(found));
    await closureOf(found, sizes);
  }
  return sizes;
}

/** Where Node finds a package from a folder; `undefined` for an optional one that is not installed. */
async function packageFolder(dependency, from) {
  for (const modules of createRequire(join(from, "package.json")).resolve.paths(dependency) ?? []) {
    const folder = join(modules, dependency);
    if (await manifestOf(folder).then(Boolean, () => false)) return folder;
  }
  return undefined;
}

async function manifestOf(folder) {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}

/** The bytes of a package's own files: what is nested in it is counted as a package by itself. */
async function sizeOf(folder) {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const inside = dirname(path).slice(folder.length);
    if (entry.isFile() && !`${inside}/`.includes("/node_modules/")) bytes += (await stat(path)).size;
  }
  return bytes;
}
