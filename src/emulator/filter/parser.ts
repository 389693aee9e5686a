// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { badFilter, type Comparator, type FilterToken, filterTokens } from "./token.js";

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

/** Maximum length of a filter, in characters (UTF-16 code units). */
const MAX_LENGTH = 4_096;
/** Maximum number of comparisons and bare texts: each is checked against each operation. */
const MAX_CONDITIONS = 100;
/** Maximum nesting of parentheses. */
const MAX_DEPTH = 50;

/**
 * Parses a filter in the language of AIP-160; `undefined` for the empty one. As specified there, `OR` binds tighter
 * than `AND`, and a space means `AND`. Functions are not supported.
 *
 * At most 4,096 characters, 100 conditions and 50 levels of parentheses: a filter must not occupy the server for long.
 *
 * @throws ConnectError `InvalidArgument` that names the limit, or the column
 */
export function parseFilter(filter: string): Condition | undefined {
  if (filter.length > MAX_LENGTH) throw tooLarge(`${filter.length} characters`, MAX_LENGTH);
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
  /** The number of conditions so far, with the one that begins. */
  countCondition(): number;
}

function createReader(tokens: readonly FilterToken[]): Reader {
  let at = 0;
  let conditions = 0;
  const end: FilterToken = { kind: "end", column: 0 };
  return {
    peek: () => tokens[at] ?? end,
    next: () => tokens[at++] ?? end,
    countCondition: () => ++conditions,
  };
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
  if (reader.countCondition() > MAX_CONDITIONS) throw tooLarge("too many conditions", MAX_CONDITIONS);
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

/** The error for a filter that is too large. */
function tooLarge(size: string, max: number): ConnectError {
  return new ConnectError(`filter has ${size}: expected at most ${max}.`, Code.InvalidArgument);
}
