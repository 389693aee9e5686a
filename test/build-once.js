// SPDX-License-Identifier: Apache-2.0
import { buildIfStale } from "../scripts/build-if-stale.mjs";

/** The suites that run the package as it is built, by `import` and `require` of Node itself. */
const NEED_BUILD = [
  "test/package/",
  "test/cli/process/",
  "test/architecture/documents.test.ts",
  "test/testing/guide.test.ts",
  "test/recipes/",
];

/** Jest's global setup: builds the package, unless the tests that were asked for do without. */
export default function buildOnce({ testPathPatterns: { patterns } }) {
  const isAsked = (path) => patterns.some((pattern) => path.includes(pattern) || pattern.includes(path));
  if (patterns.length === 0 || NEED_BUILD.some(isAsked)) buildIfStale();
}
