// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { HttpRuleError } from "../../src/http-rule/http-rule-error.js";
import type { Segment } from "../../src/http-rule/path/segment.js";
import { parseTemplate } from "../../src/http-rule/path/template.js";
import { anyText } from "../any-text.js";
import { propertyRuns } from "../property-runs.js";
import { anyTemplatesWithValues } from "./template-arbitrary.js";

const shown = (segment: Segment): string =>
  segment.kind === "literal" ? segment.text : segment.kind === "one" ? "*" : "**";

test.each([
  // template, all segments, variables as "field path @start: segments", verb
  ["/v1", "v1", [], undefined],
  ["/v1/operations", "v1 operations", [], undefined],
  ["/v1/{name}", "v1 *", ["name@1: *"], undefined],
  ["/v1/{name=*}", "v1 *", ["name@1: *"], undefined],
  ["/v1/{name=**}", "v1 **", ["name@1: **"], undefined],
  ["/{name=**}", "**", ["name@0: **"], undefined],
  ["/v1/{name=operations/**}:cancel", "v1 operations **", ["name@1: operations **"], "cancel"],
  [
    "/v1/{book.name=publishers/*/books/*}",
    "v1 publishers * books *",
    ["book.name@1: publishers * books *"],
    undefined,
  ],
  ["/v1test2/{name=**/botSessions/*}", "v1test2 ** botSessions *", ["name@1: ** botSessions *"], undefined],
  [
    "/v2/{name=operations/projects/**}/operations",
    "v2 operations projects ** operations",
    ["name@1: operations projects **"],
    undefined,
  ],
  ["/v1/{a=x/**/y}/z/{b=*}/{c}:v", "v1 x ** y z * *", ["a@1: x ** y", "b@5: *", "c@6: *"], "v"],
  ["/v1/{name=operations}", "v1 operations", ["name@1: operations"], undefined],
  ["/v1/{a_1.B2._c}", "v1 *", ["a_1.B2._c@1: *"], undefined],
  ["/v1/caf%C3%A9/a@b;c=d", "v1 caf%C3%A9 a@b;c=d", [], undefined],
  ["/v1/$discovery/rest:x-y.z", "v1 $discovery rest", [], "x-y.z"],
  ["/v1/{name}/{name}", "v1 * *", ["name@1: *", "name@2: *"], undefined],
  ["/v1/{a=*/*}", "v1 * *", ["a@1: * *"], undefined],
  ["/v1/...", "v1 ...", [], undefined], // three dots are no dot segment
])("parses %s", (text, segments, variables, verb) => {
  const template = parseTemplate(text);
  expect(template.segments.map(shown).join(" ")).toBe(segments);
  expect(
    template.variables.map(
      ({ fieldPath, start, segments: own }) => `${fieldPath}@${start}: ${own.map(shown).join(" ")}`,
    ),
  ).toEqual(variables);
  expect(template.verb).toBe(verb);
});

test.each([
  ["", 1, 'expected a leading "/", got the end'],
  ["v1/{name}", 1, 'expected a leading "/", got "v"'],
  ["/", 2, "expected a segment, got the end"],
  ["/v1/", 5, "expected a segment, got the end"],
  ["//v1", 2, 'expected a segment, got "/"'],
  ["/v1/{name}x", 11, 'expected "/", ":" or the end, got "x"'],
  ["/v1/x{name}", 6, 'expected "/", ":" or the end, got "{"'],
  ["/v1/{na-me}", 8, 'expected "=" or "}" after the field path, got "-"'],
  ["/v1/{name", 10, 'expected "=" or "}" after the field path, got the end'],
  ["/v1/{}", 6, 'expected a field name, got "}"'],
  ["/v1/{.name}", 6, 'expected a field name, got "."'],
  ["/v1/{1a}", 6, 'expected a field name, got "1"'],
  ["/v1/{a.}", 7, 'expected "=" or "}" after the field path, got "."'],
  ["/v1/{a..b}", 7, 'expected "=" or "}" after the field path, got "."'],
  ["/v1/{name=}", 11, 'expected a segment, got "}"'],
  ["/v1/{name=a/}", 13, 'expected a segment, got "}"'],
  ["/v1/{name=/a}", 11, 'expected a segment, got "/"'],
  ["/v1/{name=operations/{parent}}", 22, 'expected a segment, got "{"'], // no variable within a variable
  ["/v1/{name=a:b}", 12, 'expected "/" or "}" within a variable, got ":"'],
  ["/v1/{name=a", 12, 'expected "/" or "}" within a variable, got the end'],
  ["/v1/***", 7, 'expected "/", ":" or the end, got "*"'],
  ["/v1/a*", 6, 'expected "/", ":" or the end, got "*"'],
  ["/v1/{name=*a}", 12, 'expected "/" or "}" within a variable, got "a"'],
  ["/v1:", 5, 'expected a verb after ":", got the end'],
  ["/v1:a:b", 6, 'expected the end, got ":"'],
  ["/v1:a/b", 6, 'expected the end, got "/"'],
  ["/v1/:cancel", 5, 'expected a segment, got ":"'],
  ["/v1/a b", 6, 'expected "/", ":" or the end, got " "'],
  ["/v1/a?b", 6, 'expected "/", ":" or the end, got "?"'],
  ["/v1/a#b", 6, 'expected "/", ":" or the end, got "#"'],
  ["/v1/é", 5, 'expected a segment, got "é"'],
  ["/v1/a\u{1f600}", 6, 'expected "/", ":" or the end, got "\u{1f600}"'],
  ["/v1/%zz", 5, 'expected two hexadecimal digits after "%"'],
  ["/v1/a%2", 6, 'expected two hexadecimal digits after "%"'],
  ["/v1/%FF", 5, "a literal whose bytes are not UTF-8"],
  ["/v1/../x", 5, "a dot segment, which URL parsers remove"],
  ["/v1/{name=a/.}", 13, "a dot segment, which URL parsers remove"],
  ["/v1/%2E%2e", 5, "a dot segment, which URL parsers remove"],
])("rejects %j at column %i", (text, column, problem) => {
  const fault = faultOf(text);
  expect(fault?.column).toBe(column);
  expect(fault?.message).toBe(`a.b.C: template ${JSON.stringify(text)} at column ${column}: ${problem}`);
  expect(fault?.selector).toBe("a.b.C");
});

function faultOf(text: string): HttpRuleError | undefined {
  try {
    parseTemplate(text, { selector: "a.b.C" });
    return undefined;
  } catch (error) {
    if (error instanceof HttpRuleError) {
      return error;
    }
    throw error;
  }
}

test("quotes a long template in part only", () => {
  expect(faultOf(`/${"a/".repeat(5_000)}`)?.message.length).toBeLessThan(400);
});

test("says where a wildcard stands outside every variable", () => {
  expect(parseTemplate("/v1/{name=*}/x").wildcardColumn).toBeUndefined();
  expect(parseTemplate("/v1/*/{name=**}/**").wildcardColumn).toBe(5);
  expect(parseTemplate("/v1/{name=**}/**").wildcardColumn).toBe(15);
});

test("a lone literal may stand for a value with a slash, a literal among others may not", () => {
  const [lone, among] = parseTemplate("/{a=x%2Fy}/{b=x%2Fy/*}").variables;
  expect(lone?.segments[0]).toMatchObject({ value: "x/y" });
  expect(among?.segments[0]).toMatchObject({ value: "x%2Fy" });
});

test("no text makes the parser throw anything but HttpRuleError, with a column within the text", () => {
  const noise = anyText();
  const nearlyTemplates = fc
    .array(
      fc.constantFrom(
        "/",
        "{",
        "}",
        "=",
        "*",
        "**",
        ":",
        ".",
        "..",
        "%",
        "%2",
        "%2F",
        "%C3",
        "a",
        "v1",
        "-",
        "\ud800",
      ),
    )
    .map((tokens) => `/${tokens.join("")}`);
  fc.assert(
    fc.property(fc.oneof(noise, nearlyTemplates), (text) => {
      const fault = faultOf(text);
      if (fault !== undefined) {
        expect(fault.column).toBeGreaterThanOrEqual(1);
        expect(fault.column).toBeLessThanOrEqual(text.length + 1);
      }
    }),
    { numRuns: propertyRuns(10_000) },
  );
}, 60_000);

test("every template of the grammar parses, and its parts spell it again", () => {
  fc.assert(
    fc.property(anyTemplatesWithValues, ({ text }) => {
      const { segments, variables, verb } = parseTemplate(text);
      const texts = segments.map(shown);
      for (const { start, segments: own, fieldPath, pattern } of variables.toReversed()) {
        expect(own.map(shown).join("/")).toBe(pattern);
        texts.splice(start, own.length, `{${fieldPath}=${pattern}}`);
      }
      expect(`/${texts.join("/")}${verb === undefined ? "" : `:${verb}`}`).toBe(text);
    }),
    { numRuns: propertyRuns(10_000) },
  );
}, 60_000);
