// SPDX-License-Identifier: Apache-2.0
import { HttpRuleError, type RulePlace } from "../http-rule-error.js";

/** A cursor over a path template; every method but `fail` moves it over what it read. */
export interface Scanner {
  /** Where the cursor is, from 0. */
  readonly at: number;
  readonly atEnd: boolean;
  /** The text from `start` to the cursor. */
  since(start: number): string;
  /** Reads `token` if it is next. */
  take(token: string): boolean;
  /** Reads characters of a literal, `%XX` included; "" when none is next. */
  takeLiteral(): string;
  /** Reads `IDENT { "." IDENT }`; "" when none is next. */
  takeFieldPath(): string;
  /** Throws the template's error at `at`, by default the cursor. */
  fail(problem: string, at?: number): never;
  /** Throws the template's error: `expected …, got` what is next. */
  failExpecting(wanted: string): never;
}

/** RFC 3986 `pchar` without ":" (it begins the verb) and "*" (the wildcard). */
const LITERAL = /(?:[-_.~0-9A-Za-z!$&'()+,;=@]|%[0-9A-Fa-f]{2})*/y;
const FIELD_PATH = /(?:[A-Za-z_][0-9A-Za-z_]*(?:\.[A-Za-z_][0-9A-Za-z_]*)*)?/y;

/** Starts at the first character; `place` names the rule in errors. */
export function createScanner(text: string, place: RulePlace): Scanner {
  let at = 0;
  const takePattern = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? "";
    at += found.length;
    return found;
  };
  const fail = (problem: string, where = at): never => {
    throw new HttpRuleError(problem, { ...place, template: { text, column: where + 1 } });
  };
  return {
    get at() {
      return at;
    },
    get atEnd() {
      return at >= text.length;
    },
    since: (start) => text.slice(start, at),
    take(token) {
      const found = text.startsWith(token, at);
      at += found ? token.length : 0;
      return found;
    },
    takeLiteral: () => takePattern(LITERAL),
    takeFieldPath: () => takePattern(FIELD_PATH),
    fail,
    failExpecting(wanted) {
      if (text[at] === "%") {
        return fail('expected two hexadecimal digits after "%"');
      }
      const next = text.codePointAt(at);
      return fail(
        `expected ${wanted}, got ${next === undefined ? "the end" : JSON.stringify(String.fromCodePoint(next))}`,
      );
    },
  };
}
