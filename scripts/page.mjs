// SPDX-License-Identifier: Apache-2.0
// `npm run page`: writes src/emulator/page/files.ts, which holds the emulator's page, from src/emulator/page/browser: TypeScript
// without its types, the rest as it is. `-- --check` fails if the file is out of date.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const folder = fileURLToPath(new URL("../src/emulator/page/", import.meta.url));

/** The text of files.ts. */
export function pageFiles() {
  const entries = readdirSync(`${folder}browser`)
    .sort()
    .map((name) => {
      const text = readFileSync(`${folder}browser/${name}`, "utf8");
      const entry = name.endsWith(".ts") ? [name.replace(/ts$/, "js"), withoutTypes(text)] : [name, text];
      return `  ${JSON.stringify(entry)},\n`;
    });
  return [
    "// SPDX-License-Identifier: Apache-2.0\n",
    "// Written by `npm run page` from browser/; do not edit.\n\n",
    "/** The files of the page, by name. */\n",
    `export const FILES: ReadonlyMap<string, string> = new Map([\n${entries.join("")}]);\n`,
  ].join("");
}

function withoutTypes(text) {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    removeComments: true,
  };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = pageFiles();
  if (!process.argv.includes("--check")) writeFileSync(`${folder}files.ts`, files);
  else if (readFileSync(`${folder}files.ts`, "utf8") !== files) {
    console.error("src/emulator/page/files.ts is not what its sources make: npm run page");
    process.exitCode = 1;
  }
}
