// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./source-files.js";

/** A fenced block of code in a document. */
export interface DocExample {
  /** The name in the comment in front of it: `<!-- example: cancel -->`; `undefined` without one. */
  readonly name: string | undefined;
  readonly language: string;
  readonly code: string;
  /** `README.md:12`. */
  readonly at: string;
}

/** The fenced blocks of one document, in order. */
export function docExamples(file: string): DocExample[] {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  const found: DocExample[] = [];
  for (let index = 0; index < lines.length; index++) {
    const language = /^```(\w+)$/.exec(lines[index] ?? "")?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", index);
    found.push({
      name: /^<!-- example: ([\w-]+) -->$/.exec(lines[index - 1] ?? "")?.[1],
      language,
      code: lines.slice(index + 1, end).join("\n"),
      at: `${file}:${index + 1}`,
    });
    index = end;
  }
  return found;
}
