// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importsOf, root, sourceFiles } from "./source-files.js";

/** The floor of every room. A file imports from its own room or from a lower floor, nothing else. */
const FLOORS: Record<string, number> = {
  gen: 0,
  wire: 1,
  policy: 1,
  "http-rule": 2,
  codec: 2,
  transport: 3,
  emulator: 3,
  interceptors: 4,
  client: 5,
  "index.ts": 6,
  grpc: 6,
  auth: 6,
  admanager: 6,
  "service-config": 6,
  testing: 6,
  cli: 7,
};

/** Rooms whose code runs in browsers too: nothing of Node may be imported there. */
const ANYWHERE = [
  "wire",
  "policy",
  "http-rule",
  "codec",
  "interceptors",
  "client",
  "index.ts",
  "admanager",
  "testing",
];

const roomOf = (file: string) => (file.startsWith("gen/") ? "gen" : (file.split("/")[1] ?? ""));
const files = sourceFiles();

test("every file of src stands in a room that has a floor", () => {
  expect(files.filter((file) => FLOORS[roomOf(file)] === undefined)).toEqual([]);
});

test("a file imports from its own room or from a lower floor", () => {
  const wrong: string[] = [];
  for (const file of files) {
    const room = roomOf(file);
    for (const imported of importsOf(file)) {
      if (imported.file === undefined) continue;
      const target = roomOf(imported.file);
      const down = (FLOORS[target] ?? Number.POSITIVE_INFINITY) < (FLOORS[room] ?? -1);
      if (target !== room && !down) wrong.push(`${file} imports ${imported.file}`);
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

test("rooms that run in browsers import nothing of Node", () => {
  const ofNode = /^(node:|undici|@grpc\/|@connectrpc\/connect-node|google-auth-library)/;
  const wrong = files
    .filter((file) => ANYWHERE.includes(roomOf(file)))
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
