// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { anyText } from "../any-text.js";

/** A segment of a generated template: its text, and the values that fit it as parts of a variable's value. */
interface GeneratedSegment {
  readonly text: string;
  readonly parts: fc.Arbitrary<readonly string[]>;
}

/** A template, and values that fit its variables. */
export interface GeneratedTemplate {
  readonly text: string;
  /** What stands before the first variable: no value can change it. */
  readonly literalPrefix: string;
  readonly values: readonly string[];
}

const isDotSegment = (text: string): boolean => text === "." || text === "..";

/** Any Unicode but lone surrogates; not empty, no dot segment. */
const text = anyText({ minLength: 1, maxLength: 8 }).filter((value) => !isDotSegment(value));
const part = text.filter((value) => !value.includes("/"));
const maybeEmptyPart = fc.oneof({ weight: 5, arbitrary: part }, { weight: 1, arbitrary: fc.constant("") });

const literalChar = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(..."abcXYZ019-_.~!$&'()+,;=@") },
  { weight: 1, arbitrary: fc.constantFrom("%20", "%C3%A9", "%25", "%3a") },
);
const literal: fc.Arbitrary<GeneratedSegment> = fc
  .array(literalChar, { minLength: 1, maxLength: 5 })
  .map((chars) => chars.join(""))
  .filter((value) => !isDotSegment(value))
  .map((value) => ({ text: value, parts: fc.constant([decodeURIComponent(value)]) }));

const one: GeneratedSegment = { text: "*", parts: part.map((value) => [value]) };
const rest: GeneratedSegment = { text: "**", parts: fc.array(maybeEmptyPart, { maxLength: 4 }) };

/** At the end of a variable, a `**` takes at least one segment. */
const lastParts = fc.array(maybeEmptyPart, { minLength: 1, maxLength: 4 });

type Shape = readonly (GeneratedSegment | readonly GeneratedSegment[])[];

/** Literals and variables; a `**` is only where `mayRest` says, since several leave more than one reading. */
function shapes(mayRest: boolean): fc.Arbitrary<Shape> {
  const inner = fc.oneof(literal, fc.constant(one), ...(mayRest ? [fc.constant(rest)] : []));
  const variable = fc.array(inner, { minLength: 1, maxLength: 4 });
  return fc.array(fc.oneof(literal, variable), { minLength: 1, maxLength: 5 });
}

/** At most one `**` in all: then a path has one reading. */
const unambiguous = fc
  .tuple(shapes(false), fc.option(fc.nat()))
  .map(([shape, where]) => (where === null ? shape : withRest(shape, where)));

function withRest(shape: Shape, where: number): Shape {
  const at = where % shape.length;
  return shape.map((item, index) => (index === at && Array.isArray(item) ? [...item, rest] : item));
}

function templateOf(shape: Shape): fc.Arbitrary<GeneratedTemplate> {
  const names = shape.map((_, index) => `f${index}`);
  const texts = shape.map((item, index) =>
    "text" in item ? item.text : `{${names[index]}=${item.map((segment) => segment.text).join("/")}}`,
  );
  const values = shape.flatMap((item) => ("text" in item ? [] : [valueFitting(item)]));
  const firstVariable = shape.findIndex((item) => !("text" in item));
  const prefix = texts.slice(0, firstVariable < 0 ? texts.length : firstVariable);
  return fc.tuple(fc.tuple(...values), fc.option(literal)).map(([chosen, verb]) => ({
    text: `/${texts.join("/")}${verb === null ? "" : `:${verb.text}`}`,
    literalPrefix: prefix.map((item) => `/${item}`).join(""),
    values: chosen,
  }));
}

function valueFitting(segments: readonly GeneratedSegment[]): fc.Arbitrary<string> {
  const [only, second] = segments;
  if (only === one && second === undefined) {
    return text; // Here a slash is text.
  }
  return fc
    .tuple(
      ...segments.map((segment, at) =>
        segment === rest && at === segments.length - 1 ? lastParts : segment.parts,
      ),
    )
    .map((parts) => parts.flat().join("/"))
    .filter((value) => value !== "" && !value.startsWith("/"));
}

/** Templates of the whole grammar that have one reading for every path, with values for them. */
export const templatesWithValues: fc.Arbitrary<GeneratedTemplate> = unambiguous.chain(templateOf);

/** Templates of the whole grammar, `**` anywhere and any number of times, with values for them. */
export const anyTemplatesWithValues: fc.Arbitrary<GeneratedTemplate> = shapes(true).chain(templateOf);
