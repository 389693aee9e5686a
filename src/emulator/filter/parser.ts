// SPDX-License-Identifier: Apache-2.0
import { badFilter, type Comparator, type FilterToken, filterTokens } from "./filter-token.js";

/** What a filter asks of a resource. */
export type Condition =
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  /** A text on its own: it is somewhere in the resource. */
  | { readonly kind: "mentions"; readonly text: string }
  | {
      readonly kind: "compare";
      /** Names of fields, from the outside in. */
      readonly path: readonly string[];
      readonly comparator: Comparator;
      readonly value: string;
    };

/** Parentheses within parentheses. */
const MAX_DEPTH = 50;

/**
 * Reads a filter in the language of AIP-160; `undefined` for the empty one. `OR` binds tighter than `AND`,
 * and a space means `AND`, as there. Functions are not supported.
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
