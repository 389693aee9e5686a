// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { HttpRuleError } from "../../src/http-rule/http-rule-error.js";
import type { HttpBindingJson } from "../../src/http-rule/rule-json.js";
import { compile } from "./rules.js";
import { Annotated } from "./vectors/gen/annotated_pb.js";

test.each<[HttpBindingJson, string]>([
  [{ get: "/v1/{nope}" }, 'template "/v1/{nope}" at column 5: vec.v1.Req has no field "nope"'],
  [{ get: "/v1/{bookId}" }, 'template "/v1/{bookId}" at column 5: vec.v1.Req has no field "bookId"'], // JSON names are none
  [
    { get: "/v1/{field1_name}" },
    'template "/v1/{field1_name}" at column 5: vec.v1.Req has no field "field1_name"',
  ],
  [{ get: "/v1/{toString}" }, 'template "/v1/{toString}" at column 5: vec.v1.Req has no field "toString"'],
  [{ get: "/v1/{leaf.nope}" }, 'template "/v1/{leaf.nope}" at column 5: vec.v1.Leaf has no field "nope"'],
  [
    { get: "/v1/x/{tags}" },
    'template "/v1/x/{tags}" at column 7: the path has the repeated field vec.v1.Req.tags, expected a singular scalar or enum',
  ],
  [
    { get: "/v1/{labels}" },
    'template "/v1/{labels}" at column 5: the path has the map field vec.v1.Req.labels, expected a singular scalar or enum',
  ],
  [
    { get: "/v1/{leaf}" },
    'template "/v1/{leaf}" at column 5: the path has the vec.v1.Leaf field vec.v1.Req.leaf, expected a singular scalar or enum',
  ],
  [
    { get: "/v1/{ts}" },
    'template "/v1/{ts}" at column 5: the path has the google.protobuf.Timestamp field vec.v1.Req.ts, expected a singular scalar or enum',
  ],
  [
    { get: "/v1/{wstr}" },
    'template "/v1/{wstr}" at column 5: the path has the google.protobuf.StringValue field vec.v1.Req.wstr, expected a singular scalar or enum',
  ],
  [
    { get: "/v1/{ts.seconds}" },
    'template "/v1/{ts.seconds}" at column 5: ts.seconds leads into the google.protobuf.Timestamp field vec.v1.Req.ts, expected a plain message',
  ],
  [
    { get: "/v1/{name.x}" },
    'template "/v1/{name.x}" at column 5: name.x leads into the scalar field vec.v1.Req.name, expected a plain message',
  ],
  [
    { get: "/v1/{leaves.id}" },
    'template "/v1/{leaves.id}" at column 5: leaves.id leads into the repeated field vec.v1.Req.leaves, expected a plain message',
  ],
  [{ post: "/v1/{name}", body: "nope" }, 'vec.v1.Req has no field "nope"'],
  [{ post: "/v1/{name}", body: "bookId" }, 'vec.v1.Req has no field "bookId"'],
  [{ post: "/v1/{name}", body: "name" }, "name is in the path and the body, expected one"],
  [{ post: "/v1/{name}", responseBody: "nope" }, 'vec.v1.Req has no field "nope"'],
])("rejects %j for the method", (binding, problem) => {
  const faulty = () => compile([{ get: "/ok" }, binding]);
  expect(faulty).toThrow(HttpRuleError);
  expect(faulty).toThrow(new HttpRuleError(problem, { selector: "vec.v1.Svc.Call" }));
});

test.each<[HttpBindingJson, DescMethod | undefined, string, string]>([
  [{ get: "/v1/{name}" }, undefined, "none", "message"],
  [{ post: "/v1/{name}", body: "*" }, undefined, "message", "message"],
  [{ post: "/v1/{name}", body: "book", responseBody: "leaf" }, undefined, "field", "field"],
  [{ post: "/v1/{name}", body: "raw", responseBody: "raw" }, undefined, "raw-field", "raw-field"],
  [{ post: "/v1/raw", body: "*" }, Annotated.method.upload, "raw", "raw"],
  [{ post: "/v1/{name}/{theme}/{size}", body: "*" }, Annotated.method.unbound, "message", "message"],
])("decides for %j of %s what the bodies are", (binding, method, request, response) => {
  const [compiled] = compile([binding], method).bindings;
  expect([compiled?.body.kind, compiled?.response.kind]).toEqual([request, response]);
});

test("no rule is uncallable but for an open verb or an open wildcard", () => {
  const reasons = compile([
    { get: "/v1/{name=**}" },
    { get: "/v1/*/{name}" },
    { custom: { kind: "*", path: "/v1/{name}" } },
    { custom: { kind: "options", path: "/v1/{name}" } },
  ]).bindings.map(({ uncallable }) => uncallable);
  expect(reasons).toEqual([
    undefined,
    "a wildcard outside a variable, at column 5",
    "the rule leaves the HTTP method open",
    undefined,
  ]);
});
