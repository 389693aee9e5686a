// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { root } from "./source-files.js";

const documents = [
  ...readdirSync(root).filter((file) => file.endsWith(".md")),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
  ...readdirSync(join(root, ".github"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `.github/${file}`),
];

/** The text of a document without its blocks of code, in which brackets mean something else. */
const proseOf = (file: string) =>
  readFileSync(join(root, file), "utf8")
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, "``");

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(file: string): string[] {
  const headings = readFileSync(join(root, file), "utf8")
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** What is wrong with a link of a document, or `undefined`. */
function problemOf(file: string, target: string): string | undefined {
  if (/^https:\/\//.test(target)) return undefined;
  const [path = "", anchor] = target.split("#");
  const linked = path === "" ? file : normalize(join(dirname(file), path));
  if (!existsSync(join(root, linked))) return `${file} links to ${linked}, which does not exist`;
  if (anchor !== undefined && linked.endsWith(".md") && !anchorsOf(linked).includes(anchor)) {
    return `${file} links to #${anchor} of ${linked}, which has no such heading`;
  }
  return undefined;
}

const links = documents.flatMap((file) =>
  [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => ({ file, target })),
);

test("every link between documents leads to a file and a heading that exist", () => {
  expect(links.length).toBeGreaterThan(30);
  expect(links.map(({ file, target }) => problemOf(file, target)).filter(Boolean)).toEqual([]);
});

test("a missing file and a missing heading are found", () => {
  expect(problemOf("README.md", "docs/nowhere.md")).toContain("does not exist");
  expect(problemOf("docs/errors.md", "operations.md#nowhere")).toContain("no such heading");
  expect(problemOf("docs/errors.md", "operations.md#polling-options")).toBeUndefined();
});
