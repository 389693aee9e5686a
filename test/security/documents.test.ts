// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../architecture/source-files.js";

const read = (file: string) => readFileSync(join(root, file), "utf8");
const TEST_PATH = /`(test\/[\w./-]+)`|\b(test\/[\w/-]+\.test\.ts)\b/g;
const pathsIn = (text: string) =>
  [...text.matchAll(TEST_PATH)].map(([, quoted, bare]) => quoted ?? bare ?? "");

test("each promise of SECURITY.md names the tests that hold it, and they are there", () => {
  const promises = read("SECURITY.md").split("## What is promised")[1]?.split("\n## ")[0] ?? "";
  const paragraphs = promises.split("\n\n").filter((text) => text.startsWith("**"));
  expect(paragraphs.length).toBeGreaterThanOrEqual(8);
  for (const paragraph of paragraphs) {
    expect({ paragraph: paragraph.slice(0, 40), tests: pathsIn(paragraph).length }).not.toMatchObject({
      tests: 0,
    });
  }
  expect(pathsIn(read("SECURITY.md")).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("each regression names a test that is there", () => {
  expect(pathsIn(read("docs/regressions.md")).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("each kind of the security regressions has a row", () => {
  const section = read("docs/regressions.md").split("## I. Security")[1] ?? "";
  const rows = section.split("\n").flatMap((line) => line.split("|")[1]?.match(/I\d+/g) ?? []);
  expect([...new Set(rows)].sort()).toEqual(Array.from({ length: 16 }, (_, at) => `I${at + 1}`).sort());
});
