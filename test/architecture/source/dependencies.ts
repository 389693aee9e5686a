// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { importsOf, root, sourceFiles } from "../source-files.js";
import { nodesOf, parse, placeOf } from "../syntax.js";

// A dependency is used by its public entry points alone, so that any version of its range will do.

const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const files = sourceFiles();

/** Whether a package has this name among its entry points, spelt out. */
function isPublic(specifier: string): boolean {
  if (specifier.startsWith("#")) return specifier in own.imports;
  if (specifier.startsWith("node:")) return isBuiltin(specifier);
  const [, name = "", subpath] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(specifier) ?? [];
  const { dependencies, peerDependencies, devDependencies } = own;
  if (!(name in { ...dependencies, ...peerDependencies, ...devDependencies })) return false;
  if (subpath === undefined) return true;
  const { exports } = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
  return exports !== undefined && `.${subpath}` in exports;
}

test("every import of a package is one of its entry points", () => {
  const deep = files.flatMap((file) =>
    importsOf(file)
      .filter(({ file: inside, specifier }) => inside === undefined && !isPublic(specifier))
      .map(({ specifier }) => `${file} imports ${specifier}`),
  );
  expect(deep).toEqual([]);
});

test("a deep import, a package that is not installed on purpose, and a module of Node without node: are found", () => {
  const wrong = ["undici/lib/dispatcher/pool.js", "yaml/dist/index.js", "lodash", "fs", "node:nothing", "#x"];
  expect(wrong.filter(isPublic)).toEqual([]);
  expect(
    ["yaml", "@connectrpc/connect/protocol", "node:fs/promises", "#http-client"].filter(isPublic),
  ).toHaveLength(4);
});

test("no private field of another's object is read", () => {
  const found: string[] = [];
  for (const file of files) {
    for (const node of nodesOf(parse(file))) {
      const name = ts.isPropertyAccessExpression(node)
        ? node.name.text
        : ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)
          ? node.argumentExpression.text
          : "";
      if (/^_\w/.test(name)) found.push(`${placeOf(node)} ${name}`);
    }
  }
  expect(found).toEqual([]);
});

test("no flag of the engine is set", () => {
  const found = files.flatMap((file) =>
    [
      ...readFileSync(join(root, file), "utf8").matchAll(
        /setFlagsFromString|process\.binding|execArgv|["']node:v8["']/g,
      ),
    ].map(([text]) => `${file}: ${text}`),
  );
  expect(found).toEqual([]);
});

test("each work-around for another project names docs/upstream.md, which names its file", () => {
  const page = "docs/upstream.md";
  const workarounds = files.filter((file) => readFileSync(join(root, file), "utf8").includes(page));
  const named = [...readFileSync(join(root, page), "utf8").matchAll(/\]\(\.\.\/(src\/[^)]+)\)/g)].map(
    ([, file]) => file,
  );
  expect(new Set(named)).toEqual(new Set(workarounds));
});
