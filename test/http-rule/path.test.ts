// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { expandPath, matchPath } from "../../src/http-rule/path/path.js";
import { parseTemplate } from "../../src/http-rule/path/template.js";
import { anyText } from "../any-text.js";
import { propertyRuns } from "../property-runs.js";
import { anyTemplatesWithValues, templatesWithValues } from "./template-arbitrary.js";

test.each([
  // template, values, path
  ["/v1/{a}", ["x"], "/v1/x"],
  ["/v1/{a}", ["a/b"], "/v1/a%2Fb"], // one segment: a slash is text
  ["/v1/{a}", ["/"], "/v1/%2F"],
  ["/v1/{a=*}", ["a/../b"], "/v1/a%2F..%2Fb"], // dots between encoded slashes are no segment
  ["/v1/{a=*}", ["..."], "/v1/..."],
  ["/v1/{a=**}", ["a/b"], "/v1/a/b"],
  ["/v1/{a=**}", ["a/b/"], "/v1/a/b/"], // ** takes what remains
  ["/v1/{a=**}", ["a%2Fb"], "/v1/a%252Fb"],
  ["/v1/{a=**}", ["!'()*"], "/v1/%21%27%28%29%2A"],
  ["/v1/{a=**}", ["é\u{1f600}"], "/v1/%C3%A9%F0%9F%98%80"],
  ["/v1/{a=x/**}/y", ["x"], "/v1/x/y"], // ** may be nothing, but at the end
  ["/v1/{a=**/x/*}", ["x/1"], "/v1/x/1"],
  ["/v1/{a=**/x/*}", ["x/x/x/1"], "/v1/x/x/x/1"], // found by going back
  ["/v1/{a=**/x/**}", ["1/x/2/x/3"], "/v1/1/x/2/x/3"],
  ["/v1/{a=x@y/*}", ["x@y/z@"], "/v1/x@y/z%40"], // literals stay as written
  ["/v1/{a=caf%C3%A9/*}", ["café/1"], "/v1/caf%C3%A9/1"],
  ["/v1/{a=x%2Fy}", ["x/y"], "/v1/x%2Fy"],
  ["/v1/{a}/x/{b=**}:v", ["1", "2:3"], "/v1/1/x/2%3A3:v"],
  ["/v1/x:v", [], "/v1/x:v"],
])("expands and matches %s with %j", (text, values, path) => {
  const template = parseTemplate(text);
  expect(expandPath(template, values)).toBe(path);
  expect(matchPath(template, path)).toEqual(values);
});

test.each([
  ["/v1/{a}", ""],
  ["/v1/{a=**}", ""],
  ["/v1/{a=**}", "/x"],
  ["/v1/{a=*/*}", "x"],
  ["/v1/{a=*/*}", "x/"],
  ["/v1/{a=*/*}", "x//y"],
  ["/v1/{a=x/*}", "y/1"],
  ["/v1/{a=x/*}", "x/1/2"],
  ["/v1/{a=x/*}", "X/1"],
  ["/v1/{a=**/x}", "x/y"],
  ["/v1/{a=operations}", "projects"],
  ["/v1/{a=operations/**}", "operations"], // it would be the path of List
  ["/v1/{a=projects/*/**}", "projects/p"],
  ["/v1/{a=**/x/**}", "1/x"],
  ["/v1/*/{a=**}", "x"], // nothing says what the first * would be
])("does not expand %s with %j", (text, value) => {
  expect(expandPath(parseTemplate(text), [value])).toBeUndefined();
});

test("matches a path with nothing for a ** at its end", () => {
  expect(matchPath(parseTemplate("/v1/{a=x/**}"), "/v1/x")).toEqual(["x"]);
});

test.each([
  ["/v1/{a}", "."],
  ["/v1/{a}", ".."],
  ["/v1/{a=**}", "x/../y"],
  ["/v1/{a=**}", "."],
  ["/v1/{a=x/*}", "x/.."],
  ["/v1/{a=**}", "x\ud800"],
  ["/v1/{a}", "\udc00x"],
  ["/v1/{a}", "\ud800\ud800\udc00"],
])("rejects to expand %s with %j", (text, value) => {
  const expand = () => expandPath(parseTemplate(text), [value]);
  expect(expand).toThrow(ConnectError);
  expect(expand).toThrow(expect.objectContaining({ code: Code.InvalidArgument }));
  expect(expand).toThrow(/^\[invalid_argument\] a has a (dot segment|lone surrogate)/);
});

test.each([
  ["/v1/{a=**}", "/v1", [""]], // ** may be nothing
  ["/v1/{a=**}", "/v1/", [""]],
  ["/v1/{a=**}", "/v1/x:y", ["x:y"]], // other clients send the colon as it is
  ["/v1/{a}", "/v1/a%2fb", ["a/b"]],
  ["/v1/{a=**}", "/v1/a%2Fb%2fc", ["a%2Fb%2fc"]], // lest an encoded slash become a separator
  ["/v1/{a=**}", "/v1/%41+b", ["A+b"]],
  ["/v1/*/{a}/**", "/v1/x/y/z/z", ["y"]], // a server matches wildcards that a client cannot fill
  ["/caf%C3%A9/{a}", "/caf%c3%a9/x", ["x"]], // literals compare decoded
  ["/v1/{a}/{a}", "/v1/x/x", ["x", "x"]],
  ["/v1/{a=**}/x/{b=**}", "/v1/1/x/2/x/3", ["1", "2/x/3"]],
])("matches %s with %s", (text, path, values) => {
  expect(matchPath(parseTemplate(text), path)).toEqual(values);
});

test.each([
  ["/v1/{a}", "/v1"],
  ["/v1/{a}", "/v1/"],
  ["/v1/{a}", "/v1/x/"],
  ["/v1/{a}", "/v1/x/y"],
  ["/v1/{a}", "/v2/x"],
  ["/v1/{a}", "v1/x"],
  ["/v1/{a}", ""],
  ["/v1/{a}", "/v1//x"],
  ["/v1/{a}:v", "/v1/x"],
  ["/v1/{a}:v", "/v1/x:w"],
  ["/v1/{a}:v", "/v1/x%3Av"],
  ["/v1/{a}:v", "/v1/:v"],
  ["/v1/{a}/{a}", "/v1/x/y"],
])("does not match %s with %s", (text, path) => {
  expect(matchPath(parseTemplate(text), path)).toBeUndefined();
});

test.each([
  ["/v1/{a=**}", "/v1/x/../y", /dot segment/],
  ["/v1/{a=**}", "/v1/x/%2e%2E/y", /dot segment/],
  ["/v1/{a}", "/v1/%2E", /dot segment/],
  ["/v1/{a}", "/v1/%", /not percent-encoded UTF-8/],
  ["/v1/{a}", "/v1/%ff", /not percent-encoded UTF-8/],
])("rejects to match %s with %s", (text, path, problem) => {
  const match = () => matchPath(parseTemplate(text), path);
  expect(match).toThrow(problem);
  expect(match).toThrow(expect.objectContaining({ code: Code.InvalidArgument }));
});

test("expand, then match, gives the values back", () => {
  fc.assert(
    fc.property(templatesWithValues, ({ text, values }) => {
      const template = parseTemplate(text);
      const path = expandPath(template, values) ?? "does not fit";
      expect(matchPath(template, path)).toEqual(values);
    }),
    { numRuns: propertyRuns(10_000) },
  );
}, 60_000);

test("where several ** leave more than one reading, the reading gives the same path again", () => {
  fc.assert(
    fc.property(anyTemplatesWithValues, ({ text, values }) => {
      const template = parseTemplate(text);
      const path = expandPath(template, values) ?? "does not fit";
      const read = matchPath(template, path) ?? [];
      // A variable may have been read as nothing, which no client would send.
      if (!read.some((value) => value === "" || value.startsWith("/"))) {
        expect(expandPath(template, read)).toBe(path);
      }
    }),
    { numRuns: propertyRuns(10_000) },
  );
}, 60_000);

test("no value changes what a template says: no query, no fragment, no dot segment, no other prefix", () => {
  const nasty = fc.array(
    fc.constantFrom("/", ".", "..", "?", "#", "%2e", "%2F", "\\", ":", "@", "a", " ", "\n", "\0", "é"),
  );
  const values = fc.oneof(
    anyText(),
    nasty.map((parts) => parts.join("")),
  );
  const templates = [
    "/v1/{a}",
    "/v1/{a=**}",
    "/v1/{a=*/x/*}:v",
    "/v1/{a=x/**}/y",
    "/v1/{a=**/x}/{b}:v",
    "/{a=**}",
  ].map((text) => parseTemplate(text));
  fc.assert(
    fc.property(values, fc.constantFrom(...templates), (value, template) => {
      const path = expandUnlessRefused(template, [value, value]);
      if (path === undefined) {
        return;
      }
      expect(path).toMatch(/^(\/[-_.~0-9A-Za-z%]*)+(:v)?$/);
      expect(new URL(`https://host${path}`).href).toBe(`https://host${path}`);
      expect(path.startsWith(template.text.slice(0, template.text.indexOf("{")))).toBe(true);
      const slashes = template.variables.map(({ isMulti }) => (isMulti ? count(value, "/") + 1 : 1));
      const literals =
        template.segments.length - template.variables.reduce((sum, { segments }) => sum + segments.length, 0);
      expect(count(path, "/")).toBe(literals + slashes.reduce((sum, slash) => sum + slash, 0));
    }),
    { numRuns: propertyRuns(10_000) },
  );
}, 60_000);

function expandUnlessRefused(...args: Parameters<typeof expandPath>): string | undefined {
  try {
    return expandPath(...args);
  } catch (error) {
    expect(error).toMatchObject({ code: Code.InvalidArgument });
    return undefined;
  }
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

test("generated prefixes stay in front whatever the values", () => {
  fc.assert(
    fc.property(templatesWithValues, ({ text, literalPrefix, values }) => {
      expect(expandPath(parseTemplate(text), values)?.startsWith(literalPrefix)).toBe(true);
    }),
    { numRuns: propertyRuns(10_000) },
  );
}, 60_000);
