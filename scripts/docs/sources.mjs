// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";

/** Documents of the repository's top level that are pages of the site, too. */
export const TOP_LEVEL = [
  "ARCHITECTURE.md",
  "BENCHMARKS.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "RELEASING.md",
  "SECURITY.md",
];

const { homepage } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** The address of the repository. */
export const REPOSITORY = homepage.split("#")[0];
