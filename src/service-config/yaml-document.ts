// SPDX-License-Identifier: Apache-2.0
import { type Document, isScalar, LineCounter, parseDocument, visit, type YAMLParseError } from "yaml";

/** A YAML text, parsed, and what is wrong with it. */
export interface YamlDocument {
  readonly document: Document;
  /** The line of an offset, counted from 1. */
  lineOf(offset: number): number;
  readonly problem: YamlProblem | undefined;
}

/** What is wrong with a YAML text. */
export interface YamlProblem {
  readonly message: string;
  readonly line: number | undefined;
  /** The parser's error, unless it is a key that a mapping has twice. */
  readonly cause: YAMLParseError | undefined;
}

/**
 * Parses YAML in a time that grows with its size. The library's own check of unique keys takes the square of their number
 * (docs/upstream.md), so that a file of another user's could keep a program for hours.
 */
export function readYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
    merge: true,
    uniqueKeys: false,
  });
  const lineOf = (offset: number) => lines.linePos(offset).line;
  const [error] = document.errors;
  const problem =
    error === undefined
      ? repeatedKey(document, lineOf)
      : { message: error.message, line: lineOf(error.pos[0]), cause: error };
  return { document, lineOf, problem };
}

/** The first key that a mapping has twice. */
function repeatedKey(document: Document, lineOf: (offset: number) => number): YamlProblem | undefined {
  let found: YamlProblem | undefined;
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === "<<") continue;
        if (seen.has(key.value)) {
          const message = `Map keys must be unique: ${JSON.stringify(key.value)}`;
          found = { message, line: key.range ? lineOf(key.range[0]) : undefined, cause: undefined };
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}
