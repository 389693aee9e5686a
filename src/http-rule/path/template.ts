// SPDX-License-Identifier: Apache-2.0
import type { RulePlace } from "../http-rule-error.js";
import { decodeKeepingSlash, decodeText } from "./percent.js";
import { createScanner, type Scanner } from "./scanner.js";
import type { Segment } from "./segment.js";

/** `{field.path=pattern}`: the part of a path that a field of the request fills. */
export interface TemplateVariable {
  /** Proto field names joined by dots. */
  readonly fieldPath: string;
  /** The pattern as written; `*` when none is. */
  readonly pattern: string;
  readonly segments: readonly Segment[];
  /** More than one segment, or `**`: slashes in the value are separators. Otherwise they are text. */
  readonly isMulti: boolean;
  /** Index of its first segment among {@link Template.segments}. */
  readonly start: number;
  /** Whether its segments are the last of the template. */
  readonly isLast: boolean;
  /** Where it stands in the template, counted from 1. */
  readonly column: number;
}

/** A parsed path template. */
export interface Template {
  readonly text: string;
  /** All segments from left to right, those of variables included. */
  readonly segments: readonly Segment[];
  /** In the order of the template; their segments never overlap. */
  readonly variables: readonly TemplateVariable[];
  /** The text between the variables, as written: one in front of each, and one behind the last, the verb included. */
  readonly literals: readonly string[];
  /** What follows the colon, as written. */
  readonly verb: string | undefined;
  /** Column of the first wildcard outside every variable, from 1: no field says what a client would put there. */
  readonly wildcardColumn: number | undefined;
}

const ONE: Segment = { kind: "one" };
const REST: Segment = { kind: "rest" };

/**
 * Parses a path template, in the grammar of google/api/http.proto:
 * `Template = "/" Segments [":" LITERAL]`, `Segment = "*" | "**" | LITERAL | "{" FieldPath ["=" Segments] "}"`.
 * `**` may stand anywhere (the proto's comment wants it last; Google's own rules do not keep to that). A literal is
 * made of RFC 3986 path characters without `:` and `*`, and may have `%XX`; a dot segment is rejected, since URL
 * parsers remove it.
 *
 * @param place names the rule in the error
 * @throws HttpRuleError with the column
 */
export function parseTemplate(text: string, place: RulePlace = { selector: "" }): Template {
  const scanner = createScanner(text, place);
  const segments: Segment[] = [];
  const variables: TemplateVariable[] = [];
  let wildcardColumn: number | undefined;
  if (!scanner.take("/")) {
    scanner.failExpecting('a leading "/"');
  }
  do {
    const column = scanner.at + 1;
    if (scanner.take("{")) {
      variables.push(parseVariable(scanner, segments, column));
      continue;
    }
    const segment = parseSegment(scanner);
    segments.push(segment);
    if (segment.kind !== "literal") {
      wildcardColumn ??= column;
    }
  } while (scanner.take("/"));
  const verb = scanner.take(":") ? parseVerb(scanner) : undefined;
  if (!scanner.atEnd) {
    scanner.failExpecting(verb === undefined ? '"/", ":" or the end' : "the end");
  }
  const last = variables.at(-1);
  if (last !== undefined && last.start + last.segments.length === segments.length) {
    variables.splice(-1, 1, { ...last, isLast: true });
  }
  return { text, segments, variables, literals: literalsOf(segments, variables, verb), verb, wildcardColumn };
}

function literalsOf(
  segments: readonly Segment[],
  variables: readonly TemplateVariable[],
  verb: string | undefined,
): readonly string[] {
  const between = (start: number, end: number) =>
    segments
      .slice(start, end)
      .map((segment) => (segment.kind === "literal" ? `/${segment.text}` : ""))
      .join("");
  const literals: string[] = [];
  let at = 0;
  for (const variable of variables) {
    literals.push(between(at, variable.start));
    at = variable.start + variable.segments.length;
  }
  const verbText = verb === undefined ? "" : `:${verb}`;
  return [...literals, between(at, segments.length) + verbText];
}

/** Reads a variable behind its "{" and adds its segments to `all`. */
function parseVariable(scanner: Scanner, all: Segment[], column: number): TemplateVariable {
  const start = all.length;
  const fieldPath = scanner.takeFieldPath();
  if (fieldPath === "") {
    scanner.failExpecting("a field name");
  }
  if (scanner.take("}")) {
    all.push(ONE);
    return { fieldPath, pattern: "*", segments: [ONE], isMulti: false, start, isLast: false, column };
  }
  if (!scanner.take("=")) {
    scanner.failExpecting('"=" or "}" after the field path');
  }
  const patternAt = scanner.at;
  do {
    all.push(parseSegment(scanner));
  } while (scanner.take("/"));
  const pattern = scanner.since(patternAt);
  if (!scanner.take("}")) {
    scanner.failExpecting('"/" or "}" within a variable');
  }
  const segments = all.slice(start);
  const isMulti = segments.length > 1 || segments[0]?.kind === "rest";
  return {
    fieldPath,
    pattern,
    segments: isMulti ? segments : segments.map(wholly),
    isMulti,
    start,
    isLast: false,
    column,
  };
}

/** A lone literal as a value: there, an encoded slash is a slash. */
function wholly(segment: Segment): Segment {
  return segment.kind === "literal"
    ? { ...segment, value: decodeText(segment.text) ?? segment.value }
    : segment;
}

function parseSegment(scanner: Scanner): Segment {
  if (scanner.take("**")) {
    return REST;
  }
  if (scanner.take("*")) {
    return ONE;
  }
  const at = scanner.at;
  const text = scanner.takeLiteral();
  if (text === "") {
    scanner.failExpecting("a segment");
  }
  const value = decodeKeepingSlash(text);
  if (value === undefined) {
    return scanner.fail("a literal whose bytes are not UTF-8", at);
  }
  if (value === "." || value === "..") {
    scanner.fail("a dot segment, which URL parsers remove", at);
  }
  return { kind: "literal", text, value };
}

function parseVerb(scanner: Scanner): string {
  const verb = scanner.takeLiteral();
  return verb === "" ? scanner.failExpecting('a verb after ":"') : verb;
}
