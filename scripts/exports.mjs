// SPDX-License-Identifier: Apache-2.0
// Writes the entry points in package.json, one for each file in src/. Run it after adding one: `npm run exports`.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);

/** "exports" and "typesVersions" of package.json. */
export function exportsOfSources() {
  const names = readdirSync(new URL("src/", root))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length))
    .sort((a, b) => Number(b === "index") - Number(a === "index") || a.localeCompare(b, "en"));
  const entryPoints = names.map((name) => [name === "index" ? "." : `./${name}`, conditions(`src/${name}`)]);
  const subpaths = names.filter((name) => name !== "index");
  return {
    exports: {
      ...Object.fromEntries(entryPoints),
      // Generated code imports stubs with the extension or without, by protoc-gen-es's import_extension.
      "./gen/*.js": conditions("gen/*"),
      "./gen/*": conditions("gen/*"),
      "./package.json": "./package.json",
    },
    // For TypeScript's moduleResolution "node10", which does not support "exports".
    typesVersions: {
      "*": {
        ...Object.fromEntries(subpaths.map((name) => [name, [`./dist/cjs/src/${name}.d.ts`]])),
        "gen/*.js": ["./dist/cjs/gen/*.d.ts"],
        "gen/*": ["./dist/cjs/gen/*.d.ts"],
      },
    },
  };
}

/**
 * Bundlers and browsers use the separate modules; Node uses the compiled ones, for `import` and (by "module-sync") for
 * `require`; tools that only run CommonJS use that. The order matters: a tool uses the first condition that it supports. There
 * is no "browser" for `require`: Jest's jsdom sets it but cannot run modules, and bundlers set "module".
 */
function conditions(path) {
  const types = `./dist/esm/${path}.d.ts`;
  const modules = `./dist/esm/${path}.js`;
  const compiled = `./dist/node/${path}.js`;
  return {
    import: { types, workerd: modules, browser: modules, module: modules, node: compiled, default: modules },
    require: {
      bun: { types, default: compiled },
      module: { types, default: modules },
      "module-sync": { types, default: compiled },
      default: { types: `./dist/cjs/${path}.d.ts`, default: `./dist/cjs/${path}.js` },
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL("package.json", root);
  const description = { ...JSON.parse(readFileSync(file, "utf8")), ...exportsOfSources() };
  writeFileSync(file, `${JSON.stringify(description, null, 2)}\n`);
}
