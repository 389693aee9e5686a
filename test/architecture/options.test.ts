// SPDX-License-Identifier: Apache-2.0
import ts from "typescript";
import { sourceFiles } from "./source-files.js";
import { nodesOf, parse, placeOf } from "./syntax.js";

/** The names that entry points export. */
const PUBLIC = new Set(
  sourceFiles()
    .filter((file) => /^src\/[\w-]+\.ts$/.test(file))
    .flatMap((file) => nodesOf(parse(file)).filter(ts.isExportSpecifier))
    .map(({ name }) => name.text),
);

/** Optional properties of public interfaces named `...Options`, and whether they say what they are without a value. */
function* options(): Generator<{ place: string; documented: boolean }> {
  for (const file of sourceFiles()) {
    for (const node of nodesOf(parse(file))) {
      if (!ts.isInterfaceDeclaration(node) || !node.name.text.endsWith("Options")) continue;
      if (!PUBLIC.has(node.name.text)) continue;
      for (const member of node.members) {
        if (!ts.isPropertySignature(member) || member.questionToken === undefined) continue;
        const documented = ts.getJSDocTags(member).some(({ tagName }) => tagName.text === "default");
        yield { place: `${placeOf(member)} ${node.name.text}.${member.name.getText()}`, documented };
      }
    }
  }
}

test("every optional option of an entry point has its @default", () => {
  const all = [...options()];
  expect(all.length).toBeGreaterThan(50);
  const bare = all.filter(({ documented }) => !documented).map(({ place }) => place);
  expect(bare).toEqual([]);
});
