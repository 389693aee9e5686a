// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { VERSION } from "../../src/names/version.js";

test("says the version that package.json says", () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
  expect(VERSION).toBe(version);
});
