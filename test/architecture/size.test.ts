// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, sourceFiles } from "./source-files.js";

const MAX_LINES = 200;

/** Files that are longer, each with its reason. */
const LONGER: Record<string, string> = {};

test(`no file of src has more than ${MAX_LINES} lines without a reason`, () => {
  const long = sourceFiles().filter(
    (file) => readFileSync(join(root, file), "utf8").trimEnd().split("\n").length > MAX_LINES,
  );
  expect(long).toEqual(Object.keys(LONGER));
});
