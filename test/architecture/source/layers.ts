// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importsOf, root, sourceFiles } from "../source-files.js";

/** The layer of every module. A file imports from its own module or from a lower layer, nothing else. */
const LAYERS: Record<string, number> = {
  gen: 0,
  budgets: 1,
  names: 1,
  time: 1,
  json: 2,
  "http-rule": 3,
  errors: 3,
  observer: 4,
  retry: 5,
  transport: 5,
  emulator: 5,
  "service-config": 5,
  telemetry: 6,
  auth: 6,
  testing: 6,
  client: 7,
  typed: 7.5, // gen/**/*_longrunning.ts, which stands on operationMethod
  admanager: 8,
  apis: 8,
  codegen: 8,
  "index.ts": 9,
  "admanager.ts": 9,
  "apis.ts": 9,
  "auth.ts": 9,
  "emulator.ts": 9,
  "grpc.ts": 9,
  "service-config.ts": 9,
  "telemetry.ts": 9,
  "testing.ts": 9,
  cli: 10,
};

/** Modules whose code runs in browsers too: nothing of Node may be imported there. */
const ANYWHERE = [
  "budgets",
  "names",
  "time",
  "http-rule",
  "json",
  "errors",
  "observer",
  "retry",
  "auth",
  "client",
  "telemetry",
  "admanager",
  "testing",
  "index.ts",
  "auth.ts",
  "admanager.ts",
  "telemetry.ts",
  "testing.ts",
];

/** What "imports" of package.json replaces outside of Node. */
const NODE_ONLY = [
  "src/auth/credential/google-auth-library.ts",
  "src/observer/debug-log.ts",
  "src/observer/diagnostics-channels.ts",
];

const moduleOf = (file: string) => {
  if (file.startsWith("gen/")) return file.endsWith("_longrunning.ts") ? "typed" : "gen";
  return file.split("/")[1] ?? "";
};
const files = sourceFiles();

test("every file of src stands in a module that has a layer", () => {
  expect(files.filter((file) => LAYERS[moduleOf(file)] === undefined)).toEqual([]);
});

test("a file imports from its own module or from a lower layer", () => {
  const wrong: string[] = [];
  for (const file of files) {
    const own = moduleOf(file);
    for (const imported of importsOf(file)) {
      if (imported.file === undefined) continue;
      const target = moduleOf(imported.file);
      const down = (LAYERS[target] ?? Number.POSITIVE_INFINITY) < (LAYERS[own] ?? -1);
      if (target !== own && !down) wrong.push(`${file} imports ${imported.file}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("every relative import leads to a file", () => {
  const lost = files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => imported.file !== undefined && !existsSync(join(root, imported.file)))
      .map((imported) => `${file} imports ${imported.specifier}`),
  );
  expect(lost).toEqual([]);
});

test("no import cycle, types included", () => {
  const edges = new Map(
    files.map((file) => [file, importsOf(file).flatMap((imported) => imported.file ?? [])] as const),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (file: string, path: string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      cycles.push([...path.slice(at), file].join(" -> "));
      return;
    }
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  expect(cycles).toEqual([]);
});

test("folders beside each other inside a module import in one direction", () => {
  const edges = new Map<string, Set<string>>();
  for (const file of files) {
    for (const { file: imported } of importsOf(file)) {
      const sibling = imported === undefined ? undefined : siblingsOf(file, imported);
      if (sibling === undefined) continue;
      const [from, to] = sibling;
      edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
  }
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    [...(edges.get(from) ?? [])].some(
      (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
    );
  const circles = [...edges.keys()].filter((folder) => reaches(folder, folder));
  expect(circles).toEqual([]);
});

/** The two folders beside each other, inside one module, below which two files stand. */
function siblingsOf(file: string, imported: string): [string, string] | undefined {
  const [a, b] = [file.split("/"), imported.split("/")];
  const at = a.findIndex((part, index) => part !== b[index]);
  if (at < 2 || at >= a.length - 1 || at >= b.length - 1) return undefined;
  return [a.slice(0, at + 1).join("/"), b.slice(0, at + 1).join("/")];
}

test("modules that run in browsers import nothing of Node", () => {
  const ofNode = /^(node:|undici|@grpc\/|@connectrpc\/connect-node|google-auth-library)/;
  const wrong = files
    .filter((file) => ANYWHERE.includes(moduleOf(file)) && !NODE_ONLY.includes(file))
    .flatMap((file) =>
      importsOf(file)
        .filter((imported) => ofNode.test(imported.specifier))
        .map((imported) => `${file} imports ${imported.specifier}`),
    );
  expect(wrong).toEqual([]);
});

test("every source file names its licence in its first line", () => {
  const bare = files.filter(
    (file) =>
      !/^(#!.*\n)?\/\/ SPDX-License-Identifier: Apache-2\.0\n/.test(readFileSync(join(root, file), "utf8")),
  );
  expect(bare).toEqual([]);
});
