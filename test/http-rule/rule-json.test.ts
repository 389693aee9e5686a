// SPDX-License-Identifier: Apache-2.0
import { HttpRuleError } from "../../src/http-rule/http-rule-error.js";
import { parseHttpRule } from "../../src/http-rule/rule-json.js";

const selector = "a.B.C";

test.each([
  [{ selector, get: "/a" }, ["GET", "/a", "", ""]],
  [{ selector, put: "/a", body: "*" }, ["PUT", "/a", "*", ""]],
  [{ selector, post: "/a", body: "book" }, ["POST", "/a", "book", ""]],
  [{ selector, delete: "/a", body: "*" }, ["DELETE", "/a", "*", ""]],
  [{ selector, patch: "/a", responseBody: "book" }, ["PATCH", "/a", "", "book"]],
  [{ selector, patch: "/a", response_body: "book" }, ["PATCH", "/a", "", "book"]],
  [{ selector, custom: { kind: "options", path: "/a" } }, ["OPTIONS", "/a", "", ""]],
  [{ selector, custom: { kind: "*", path: "/a" }, body: "*" }, ["*", "/a", "*", ""]],
  [{ selector, get: "/a", post: null, body: null, additionalBindings: null }, ["GET", "/a", "", ""]], // null is unset
  [{ selector, get: "/a", body: "" }, ["GET", "/a", "", ""]],
])("parses %j", (rule, want) => {
  const [pattern] = parseHttpRule(rule, 0).patterns;
  expect([pattern?.verb, pattern?.template.text, pattern?.body, pattern?.responseBody]).toEqual(want);
});

test.each(["additionalBindings", "additional_bindings"])("reads %s in order", (key) => {
  const rule = {
    selector,
    get: "/a",
    [key]: [
      { post: "/b", body: "*" },
      { selector, get: "/c" },
    ],
  };
  expect(parseHttpRule(rule, 0).patterns.map(({ verb, template }) => `${verb} ${template.text}`)).toEqual([
    "GET /a",
    "POST /b",
    "GET /c",
  ]);
});

test.each<[unknown, string, (string | number)[]]>([
  [null, "http rule 3 is no object", []],
  ["/v1", "http rule 3 is no object", []],
  [[], "http rule 3 is no object", []],
  [{ get: "/a" }, "http rule 3 has no selector, expected the full name of a method", []],
  [{ selector: 5, get: "/a" }, "http rule 3 has the selector 5, expected the full name of a method", []],
  [{ selector: "", get: "/a" }, 'http rule 3 has the selector "", expected the full name of a method', []],
  [
    { selector: "a.b*", get: "/a" },
    'http rule 3 has the selector "a.b*", expected the full name of a method',
    [],
  ],
  [
    { selector: "a.*.b", get: "/a" },
    'http rule 3 has the selector "a.*.b", expected the full name of a method',
    [],
  ],
  [{ selector }, "a.B.C: the rule has no pattern, expected one of get, put, post, delete, patch, custom", []],
  [
    { selector, get: "/a", put: "/a" },
    "a.B.C: the rule has get and put, expected one of get, put, post, delete, patch, custom",
    [],
  ],
  [{ selector, get: "/a", boddy: "*" }, 'http rule 3 has the unknown key "boddy"', ["boddy"]],
  [{ selector, GET: "/a" }, 'http rule 3 has the unknown key "GET"', ["GET"]],
  [{ selector, get: 5 }, "a.B.C: the rule has a get that is no string", []],
  [{ selector, post: "/a", body: true }, "a.B.C: the rule has a body that is no string", []],
  [{ selector, get: "/a", body: "*" }, 'a.B.C: GET /a has a body, expected none: "*"', ["get"]],
  [
    { selector, custom: { kind: "head", path: "/a" }, body: "b" },
    'a.B.C: HEAD /a has a body, expected none: "b"',
    ["custom"],
  ],
  [
    { selector, post: "/a", body: "a.b" },
    'a.B.C: body is "a.b", expected "*" or a field at the top level of the request',
    ["post"],
  ],
  [
    { selector, post: "/a", responseBody: "*" },
    'a.B.C: response_body is "*", expected a field at the top level of the response',
    ["post"],
  ],
  [
    { selector, get: "/a", responseBody: "x", response_body: "x" },
    "http rule 3 has responseBody in two spellings",
    ["response_body"],
  ],
  [{ selector, custom: "/a" }, "a.B.C: the rule has a custom pattern that is not {kind, path}", []],
  [{ selector, custom: { kind: "a" } }, "a.B.C: the rule has a custom pattern that is not {kind, path}", []],
  [
    { selector, custom: { kind: "a b", path: "/a" } },
    'a.B.C: the custom kind "a b" is no HTTP method',
    ["custom"],
  ],
  [{ selector, get: "a" }, 'a.B.C: template "a" at column 1: expected a leading "/", got "a"', ["get"]],
  [
    { selector, get: "/a", additionalBindings: {} },
    "a.B.C: additionalBindings is no list",
    ["additionalBindings"],
  ],
  [
    { selector, get: "/a", additional_bindings: [{}] },
    "a.B.C: additional binding 0 has no pattern, expected one of get, put, post, delete, patch, custom",
    ["additional_bindings", 0],
  ],
  [
    { selector, get: "/a", additional_bindings: [{ get: "/b" }, { get: "/{" }] },
    'a.B.C: template "/{" at column 3: expected a field name, got the end',
    ["additional_bindings", 1, "get"],
  ],
  [
    { selector, get: "/a", additionalBindings: [{ get: "/b", additionalBindings: [] }] },
    "a.B.C: additional binding 0 has additional bindings itself, expected none",
    ["additionalBindings", 0],
  ],
  [
    { selector, get: "/a", additionalBindings: [{ get: "/b", x: 1 }] },
    'a.B.C: additional binding 0 has the unknown key "x"',
    ["additionalBindings", 0, "x"],
  ],
  [
    { selector, get: "/a", additionalBindings: ["/b"] },
    "a.B.C: additional binding 0 is no object",
    ["additionalBindings", 0],
  ],
])("rejects %j", (rule, message, path) => {
  let fault: unknown;
  try {
    parseHttpRule(rule, 3);
  } catch (error) {
    fault = error;
  }
  expect(fault).toBeInstanceOf(HttpRuleError);
  expect(fault).toMatchObject({ message, path });
});
