// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { COMPILED, lead, MODULES, slashes, WRAPPERS, write } from "./paths.mjs";

/** The files that package.json exports, the stubs among them, relative to any of the folders. */
export async function findDoors() {
  const { exports } = JSON.parse(await readFile("package.json", "utf8"));
  const named = Object.values(exports)
    .map((door) => door.require?.default)
    .filter((path) => path !== undefined && !path.includes("*"));
  const stubs = await readdir(join(MODULES, "gen"), { recursive: true });
  return [
    ...named.map((path) => slashes(relative(COMPILED, resolve(path)))),
    ...stubs.filter((path) => path.endsWith(".js")).map((path) => `gen/${slashes(path)}`),
  ];
}

/** The names that a door exports. */
export async function namesOf(door) {
  return Object.keys(await import(pathToFileURL(join(MODULES, door))));
}

/** Writes the file that a program requires for a door whose insides are in another compiled file. */
export async function writeDoor(door, names, inside) {
  const path = join(COMPILED, door);
  const lines = names.map((name) => `exports.${name} = inside.${name};\n`).join("");
  await write(
    path,
    `"use strict";\nconst inside = require("${lead(path, join(COMPILED, inside))}");\n${lines}`,
  );
}

/** Writes the ES module that Node imports for a door: the names of the compiled one. */
export async function writeWrapper(door, names) {
  const path = join(WRAPPERS, door);
  await write(path, `export { ${names.join(", ")} } from "${lead(path, join(COMPILED, door))}";\n`);
}
