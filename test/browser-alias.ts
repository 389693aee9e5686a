// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..");
const { imports }: { imports: Record<string, { default: string }> } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
);

/** What a bundler for browsers takes in place of each `#module` of package.json: the source, where that names what is built. */
export const browserAlias = Object.fromEntries(
  Object.entries(imports).map(([name, { default: built }]) => [
    name,
    join(root, built.replace("dist/esm/", "").replace(/\.js$/, ".ts")),
  ]),
);
