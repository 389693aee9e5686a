// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, sourceFiles } from "./source-files.js";

const MAX_LINES = 200;

/** Files that are longer, each with its reason. */
const LONGER: Record<string, string> = {
  "src/apis/catalogue-data.ts": "data",
  "src/emulator/control/control.ts": "the verbs of the control page, one after another",
  "src/emulator/control/routes.ts": "a table of routes",
  "src/emulator/options.ts": "an option a line, each with what it means",
  "src/errors/call-error.ts": "one class, a third of it documentation",
};

test(`no file of src has more than ${MAX_LINES} lines without a reason`, () => {
  const long = sourceFiles().filter(
    (file) => readFileSync(join(root, file), "utf8").trimEnd().split("\n").length > MAX_LINES,
  );
  expect(long.filter((file) => !(file in LONGER))).toEqual([]);
});
