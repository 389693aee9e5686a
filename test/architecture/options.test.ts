// SPDX-License-Identifier: Apache-2.0
import ts from "typescript";
import { sourceFiles } from "./source-files.js";
import { nodesOf, parse, placeOf } from "./syntax.js";

/** Options whose @default is still to be written. */
const NOT_YET = [
  "AuthOptions.token",
  "AuthOptions.apiKey",
  "AuthOptions.methodScopes",
  "CancelOperationsOptions.signal",
  "OperationCallOptions.signal",
  "OperationCallOptions.onHeader",
  "OperationCallOptions.onTrailer",
  "WaitOptions.signal",
  "EmulatorOptions.httpRules",
  "EmulatorOptions.registry",
  "FakeOperationsOptions.registry",
  "TlsOptions.ca",
  "TlsOptions.cert",
  "TlsOptions.key",
  "TlsOptions.passphrase",
  "TlsOptions.servername",
  "TunnelOptions.signal",
];

/** Optional properties of exported interfaces named `...Options`, and whether they say what they are without a value. */
function* options(): Generator<{ place: string; documented: boolean }> {
  for (const file of sourceFiles()) {
    for (const node of nodesOf(parse(file))) {
      if (!ts.isInterfaceDeclaration(node) || !node.name.text.endsWith("Options")) continue;
      if (!node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
      for (const member of node.members) {
        if (!ts.isPropertySignature(member) || member.questionToken === undefined) continue;
        const documented = ts.getJSDocTags(member).some(({ tagName }) => tagName.text === "default");
        yield { place: `${placeOf(member)} ${node.name.text}.${member.name.getText()}`, documented };
      }
    }
  }
}

test("every optional option has its @default", () => {
  const all = [...options()];
  expect(all.length).toBeGreaterThan(50);
  const bare = all.filter(({ documented }) => !documented).map(({ place }) => place);
  expect(bare.filter((place) => !NOT_YET.some((name) => place.endsWith(` ${name}`)))).toEqual([]);
});
