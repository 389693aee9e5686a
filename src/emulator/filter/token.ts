// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";

/** A piece of a filter; `column` counts from 1. */
export type FilterToken = { readonly column: number } & (
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean }
  | { readonly kind: "comparator"; readonly text: Comparator }
  | { readonly kind: "(" | ")" | "-" | "end" }
);

/** The comparators of AIP-160; `:` is "has". */
export type Comparator = "=" | "!=" | "<" | "<=" | ">" | ">=" | ":";

const COMPARATORS: readonly Comparator[] = ["<=", ">=", "!=", "<", ">", "=", ":"];

/** Characters that end an unquoted text. */
const ENDS_TEXT = /[\s()<>=!:"',]/;

/**
 * Splits a filter into its pieces, the last one `end`.
 *
 * @throws ConnectError `InvalidArgument` with the column
 */
export function filterTokens(filter: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  let at = 0;
  while (at < filter.length) {
    const char = filter.charAt(at);
    const column = at + 1;
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    const comparator = COMPARATORS.find((candidate) => filter.startsWith(candidate, at));
    if (comparator !== undefined) {
      tokens.push({ kind: "comparator", text: comparator, column });
      at += comparator.length;
    } else if (char === "(" || char === ")") {
      tokens.push({ kind: char, column });
      at++;
    } else if (char === '"' || char === "'") {
      const { text, end } = quoted(filter, at);
      tokens.push({ kind: "text", text, quoted: true, column });
      at = end;
    } else if (char === "-" && tokens.at(-1)?.kind !== "comparator") {
      tokens.push({ kind: "-", column });
      at++;
    } else {
      const text = unquoted(filter, at);
      if (text === "") throw badFilter(`has an unexpected ${JSON.stringify(char)}`, column);
      tokens.push({ kind: "text", text, quoted: false, column });
      at += text.length;
    }
  }
  tokens.push({ kind: "end", column: filter.length + 1 });
  return tokens;
}

/** The error for a filter that cannot be parsed. */
export function badFilter(problem: string, column: number): ConnectError {
  return new ConnectError(`filter ${problem} at column ${column} (AIP-160).`, Code.InvalidArgument);
}

function unquoted(filter: string, from: number): string {
  const length = filter.slice(from).search(ENDS_TEXT);
  return length < 0 ? filter.slice(from) : filter.slice(from, from + length);
}

function quoted(filter: string, from: number): { text: string; end: number } {
  const quote = filter.charAt(from);
  let text = "";
  for (let at = from + 1; at < filter.length; at++) {
    const char = filter.charAt(at);
    if (char === quote) return { text, end: at + 1 };
    if (char === "\\") at++;
    text += filter.charAt(at);
  }
  throw badFilter("has a string that is not closed", from + 1);
}
