// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { parse } from "./syntax.js";

/** One module specifier in a source file. */
export interface Import {
  readonly specifier: string;
  /** The file below the root that it leads to, for a relative specifier. */
  readonly file: string | undefined;
  /** False for `import type` and for a type-only re-export, which vanish at run time. */
  readonly runtime: boolean;
}

export const root = join(__dirname, "../..");

/** Every TypeScript file below `src/`, with `/` separators, from the root. */
export function sourceFiles(): string[] {
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join("src", path).replaceAll("\\", "/"))
    .sort();
}

const known = new Map<string, Import[]>();

/** Every import, re-export and dynamic import of one file, as the compiler's own parser sees them. */
export function importsOf(file: string): Import[] {
  const imports = known.get(file) ?? readImports(file);
  known.set(file, imports);
  return imports;
}

function readImports(file: string): Import[] {
  const source = parse(file);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, runtime: boolean) => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const { text } = specifier;
    const target = text.startsWith(".")
      ? normalize(join(dirname(file), text))
          .replaceAll("\\", "/")
          .replace(/\.js$/, ".ts")
      : undefined;
    found.push({ specifier: text, file: target, runtime });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, !node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], true);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
