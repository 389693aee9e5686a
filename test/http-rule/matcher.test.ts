// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createMatcher, type Match } from "../../src/http-rule/matcher.js";
import type { HttpBindingJson } from "../../src/http-rule/rule-json.js";
import { compile } from "./rules.js";

const { getOperation, listOperations, deleteOperation, cancelOperation } = Operations.method;

const defaults: [DescMethod, HttpBindingJson[]][] = [
  [getOperation, [{ get: "/v1/{name=operations/**}" }]],
  [listOperations, [{ get: "/v1/{name=operations}" }]],
  [deleteOperation, [{ delete: "/v1/{name=operations/**}" }]],
  [cancelOperation, [{ post: "/v1/{name=operations/**}:cancel", body: "*" }]],
];

function shown(match: Match): string {
  switch (match.kind) {
    case "found":
      return `${match.rule.method.name} ${match.values.join(" ")}`;
    case "other-verb":
      return `405 ${match.allowed.join(", ")}`;
    case "no-path":
      return "404";
  }
}

function matchIn(rules: readonly [DescMethod, HttpBindingJson[]][], request: string): string {
  const [verb = "", path = ""] = request.split(" ");
  return shown(createMatcher(rules.map(([method, bindings]) => compile(bindings, method))).match(verb, path));
}

test.each([
  ["GET /v1/operations/o", "GetOperation operations/o"],
  ["GET /v1/operations/a/b", "GetOperation operations/a/b"],
  ["GET /v1/operations", "ListOperations operations"], // Get's ** would take it as well
  ["DELETE /v1/operations/o", "DeleteOperation operations/o"],
  ["POST /v1/operations/o:cancel", "CancelOperation operations/o"],
  ["POST /v1/operations/o%3Ax:cancel", "CancelOperation operations/o:x"],
  ["GET /v1/operations/o:x", "GetOperation operations/o:x"], // no rule has the verb x
  ["GET /v1/operations/o%3Acancel", "GetOperation operations/o:cancel"],
  ["GET /v1/operations/o:cancel", "405 POST"],
  ["POST /v1/operations/o", "405 GET, DELETE"],
  ["POST /v1/operations", "405 GET, DELETE"],
  ["PUT /v1/operations/o:cancel", "405 POST"],
  ["GET /v1/other/o", "404"],
  ["GET /v2/operations/o", "404"],
  ["GET /", "404"],
  ["GET *", "404"],
  ["GET ", "404"],
  ["get /v1/operations/o", "405 GET, DELETE"], // methods are case-sensitive
])("%s is %s", (request, want) => {
  expect(matchIn(defaults, request)).toBe(want);
});

test.each([
  // the more specific first, whatever the order of the rules
  ["/v1/{name=**}", "/v1/{name=**}/operations", "GET /v1/p/operations", 2],
  ["/v1/{name=**}", "/v1/{name=*}", "GET /v1/x", 2],
  ["/v1/{name=*}", "/v1/{name=x}", "GET /v1/x", 2],
  ["/v1/{name=*/*}", "/v1/{name=x/**}", "GET /v1/x/y", 2],
  ["/v1/{name=x/**}", "/v1/{name=x}", "GET /v1/x", 2],
  ["/v1/{name=**}", "/v1/{name=**/x/*}", "GET /v1/x/y", 2],
  ["/v1/{name=**/x}", "/v1/{name=**}", "GET /v1/x", 1],
])("between %s and %s, %s finds number %i", (first, second, request, want) => {
  const one: [DescMethod, HttpBindingJson[]] = [getOperation, [{ get: first }]];
  const two: [DescMethod, HttpBindingJson[]] = [listOperations, [{ get: second }]];
  const expected = want === 1 ? /^GetOperation / : /^ListOperations /;
  expect(matchIn([one, two], request)).toMatch(expected);
  expect(matchIn([two, one], request)).toMatch(expected);
});

test("additional bindings are found, and the kind * takes every verb", () => {
  const rules: [DescMethod, HttpBindingJson[]][] = [
    [
      getOperation,
      [{ get: "/a/{name}" }, { get: "/b/{name}" }, { custom: { kind: "*", path: "/c/{name}" } }],
    ],
  ];
  expect(matchIn(rules, "GET /b/x")).toBe("GetOperation x");
  expect(matchIn(rules, "POST /b/x")).toBe("405 GET");
  expect(matchIn(rules, "BREW /c/x")).toBe("GetOperation x");
});

test("a wildcard outside a variable matches, though no client could send it", () => {
  expect(matchIn([[getOperation, [{ get: "/*/{name}/**" }]]], "GET /v7/x/y/z")).toBe("GetOperation x");
});

test.each(["GET /v1/operations/../x", "GET /v1/operations/%2e%2e/x", "GET /v1/operations/%zz"])(
  "refuses %s",
  (request) => {
    expect(() => matchIn(defaults, request)).toThrow(expect.objectContaining({ code: Code.InvalidArgument }));
  },
);

test("without rules there is no path", () => {
  expect(matchIn([], "GET /v1")).toBe("404");
});
