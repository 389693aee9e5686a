// SPDX-License-Identifier: Apache-2.0
import ts from "typescript";
import { sourceFiles } from "../source-files.js";
import { nodesOf, parse, placeOf } from "../syntax.js";

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

/** Exported declarations of public names, and whether each has a docstring. */
function* declarations(): Generator<{ place: string; documented: boolean }> {
  for (const file of sourceFiles()) {
    for (const node of parse(file).statements) {
      const isExported = ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(isExport);
      if (!isExported) continue;
      const names = ts.isVariableStatement(node)
        ? node.declarationList.declarations.map(({ name }) => name.getText())
        : ts.isDeclarationStatement(node)
          ? [node.name?.text ?? ""]
          : [];
      if (!names.some((name) => PUBLIC.has(name))) continue;
      yield { place: `${placeOf(node)} ${names}`, documented: ts.getJSDocCommentsAndTags(node).length > 0 };
    }
  }
}

const isExport = ({ kind }: ts.ModifierLike) => kind === ts.SyntaxKind.ExportKeyword;

test("every public name has a docstring", () => {
  const all = [...declarations()];
  expect(all.length).toBeGreaterThan(80);
  expect(all.filter(({ documented }) => !documented).map(({ place }) => place)).toEqual([]);
});
