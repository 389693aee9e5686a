// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";

/** A parsed filter. */
export type Condition =
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  /** A bare text, which matches anywhere in the resource. */
  | { readonly kind: "mentions"; readonly text: string }
  | {
      readonly kind: "compare";
      /** Field names, from the outermost to the innermost. */
      readonly path: readonly string[];
      readonly comparator: Comparator;
      readonly value: string;
    };

/** Maximum nesting of parentheses. */
const MAX_DEPTH = 50;

/**
 * Parses a filter in the language of AIP-160; `undefined` for the empty one. As specified there, `OR` binds tighter
 * than `AND`, and a space means `AND`. Functions are not supported.
 *
 * @throws ConnectError `InvalidArgument` with the column
 */
export function parseFilter(filter: string): Condition | undefined {
  const tokens = filterTokens(filter);
  if (tokens.length === 1) return undefined;
  const reader = createReader(tokens);
  const condition = expression(reader, 0);
  const rest = reader.peek();
  if (rest.kind !== "end") throw badFilter(`has an unexpected ${described(rest)}`, rest.column);
  return condition;
}

interface Reader {
  peek(): FilterToken;
  next(): FilterToken;
}

function createReader(tokens: readonly FilterToken[]): Reader {
  let at = 0;
  const end: FilterToken = { kind: "end", column: 0 };
  return { peek: () => tokens[at] ?? end, next: () => tokens[at++] ?? end };
}

function expression(reader: Reader, depth: number): Condition {
  const of = [factor(reader, depth)];
  for (;;) {
    if (isWord(reader.peek(), "AND")) reader.next();
    else if (reader.peek().kind === "end" || reader.peek().kind === ")") break;
    of.push(factor(reader, depth));
  }
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "all", of };
}

function factor(reader: Reader, depth: number): Condition {
  const of = [term(reader, depth)];
  while (isWord(reader.peek(), "OR")) {
    reader.next();
    of.push(term(reader, depth));
  }
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "any", of };
}

function term(reader: Reader, depth: number): Condition {
  const token = reader.peek();
  if (token.kind !== "-" && !isWord(token, "NOT")) return simple(reader, depth);
  reader.next();
  return { kind: "not", of: simple(reader, depth) };
}

function simple(reader: Reader, depth: number): Condition {
  const token = reader.next();
  if (token.kind === "(") {
    if (depth === MAX_DEPTH) throw badFilter(`is nested deeper than ${MAX_DEPTH}`, token.column);
    const condition = expression(reader, depth + 1);
    const close = reader.next();
    if (close.kind !== ")") throw badFilter("has a parenthesis that is not closed", token.column);
    return condition;
  }
  if (token.kind !== "text" || isWord(token, "AND") || isWord(token, "OR")) {
    throw badFilter(`needs a field or a text, not ${described(token)},`, token.column);
  }
  return restriction(reader, token);
}

function restriction(reader: Reader, field: FilterToken & { kind: "text" }): Condition {
  const comparator = reader.peek();
  if (comparator.kind === "(") throw badFilter("calls a function, which is not supported,", field.column);
  if (comparator.kind !== "comparator") return { kind: "mentions", text: field.text };
  reader.next();
  const value = reader.next();
  if (value.kind !== "text") throw badFilter(`needs a value, not ${described(value)},`, value.column);
  const path = field.quoted ? [field.text] : field.text.split(".");
  return { kind: "compare", path, comparator: comparator.text, value: value.text };
}

function isWord(token: FilterToken, word: string): boolean {
  return token.kind === "text" && !token.quoted && token.text === word;
}

function described(token: FilterToken): string {
  if (token.kind === "end") return "the end";
  return JSON.stringify("text" in token ? token.text : token.kind);
}

/** A piece of a filter; `column` counts from 1. */
type FilterToken = { readonly column: number } & (
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
function filterTokens(filter: string): FilterToken[] {
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
function badFilter(problem: string, column: number): ConnectError {
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
