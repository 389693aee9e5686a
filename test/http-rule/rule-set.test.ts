// SPDX-License-Identifier: Apache-2.0
import {
  create,
  createFileRegistry,
  type DescFile,
  type DescMethod,
  fromBinary,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { HttpRuleError } from "../../src/http-rule/http-rule-error.js";
import type { HttpRuleJson } from "../../src/http-rule/rule-json.js";
import { createRuleSet } from "../../src/http-rule/rule-set.js";
import { Annotated, file_annotated } from "./vectors/gen/annotated_pb.js";

const selector = "google.longrunning.Operations.GetOperation";
const get = Operations.method.getOperation;

function patternsOf(method: DescMethod, overrides: readonly HttpRuleJson[] = []): string[] | undefined {
  const rule = createRuleSet(overrides).find(method);
  return rule?.patterns.map(({ verb, template, body, responseBody }) =>
    [verb, template.text, body && `body=${body}`, responseBody && `response=${responseBody}`]
      .filter(Boolean)
      .join(" "),
  );
}

test("the annotation is the rule when nothing overrides it", () => {
  expect(patternsOf(get)).toEqual(["GET /v1/{name=operations/**}"]);
  expect(patternsOf(Operations.method.cancelOperation)).toEqual([
    "POST /v1/{name=operations/**}:cancel body=*",
  ]);
  expect(patternsOf(Annotated.method.getShelf)).toEqual([
    "GET /v1/{name=shelves/*}",
    "GET /v1/themes/{theme}",
    "HEAD /v1/{name=shelves/*}:peek",
  ]);
});

test("a method without annotation and override has no rule", () => {
  expect(patternsOf(Operations.method.waitOperation)).toBeUndefined();
  expect(patternsOf(Annotated.method.unbound)).toBeUndefined();
});

test("an override gives a rule to a method that has none", () => {
  const rule = { selector: "google.longrunning.Operations.WaitOperation", post: "/v1/{name=**}:wait" };
  expect(patternsOf(Operations.method.waitOperation, [rule])).toEqual(["POST /v1/{name=**}:wait"]);
});

test("an override replaces the whole rule: nothing of the annotation's body or bindings stays", () => {
  const cancel = { selector: "google.longrunning.Operations.CancelOperation", get: "/v2/{name=**}:stop" };
  expect(patternsOf(Operations.method.cancelOperation, [cancel])).toEqual(["GET /v2/{name=**}:stop"]);
  expect(
    patternsOf(Annotated.method.getShelf, [{ selector: "vec.v1.Annotated.GetShelf", put: "/x", body: "*" }]),
  ).toEqual(["PUT /x body=*"]);
});

test("of several overrides the last wins, whole rules at a time", () => {
  const overrides = [
    { selector, get: "/1", additionalBindings: [{ get: "/1/more" }] },
    { selector, get: "/2" },
    { selector: "google.longrunning.Operations.DeleteOperation", get: "/3" },
  ];
  expect(patternsOf(get, overrides)).toEqual(["GET /2"]);
});

test.each([
  ["*", true],
  ["google.longrunning.*", true],
  ["google.longrunning.Operations.*", true],
  ["google.longrunning.Operations", false],
  ["google.longrunning.Oper.*", false],
  ["google.longrunning.Operations.Get", false],
])("the selector %s names GetOperation: %p", (wild, isNamed) => {
  expect(patternsOf(get, [{ selector: wild, get: "/wild" }])).toEqual([
    isNamed ? "GET /wild" : "GET /v1/{name=operations/**}",
  ]);
});

test("two rule sets do not see each other's rules", () => {
  const one = createRuleSet([{ selector, get: "/one" }]);
  const two = createRuleSet([{ selector, get: "/two" }]);
  expect([one, two].map((set) => set.find(get)?.patterns[0]?.template.text)).toEqual(["/one", "/two"]);
});

test("an annotation is read off descriptors made at run time", () => {
  const seen = new Set<string>();
  const closure = (file: DescFile): DescFile[] =>
    seen.has(file.name) ? [] : [...(seen.add(file.name) && file.dependencies.flatMap(closure)), file];
  const files = closure(file_annotated).map(({ proto }) =>
    fromBinary(FileDescriptorProtoSchema, toBinary(FileDescriptorProtoSchema, proto)),
  );
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: files }));
  const method = registry.getService("vec.v1.Annotated")?.method.getShelf;
  expect(method && patternsOf(method)?.[1]).toBe("GET /v1/themes/{theme}");
});

test.each([
  [Annotated.method.badTemplate, /^vec\.v1\.Annotated\.BadTemplate: template "\/v1\/\{name" at column 10: /],
  [
    Annotated.method.patternless,
    /^vec\.v1\.Annotated\.Patternless: a binding has no pattern, expected one of get, /,
  ],
])("a wrong annotation is found when it is asked for: %s", (method, problem) => {
  expect(() => createRuleSet([]).find(method)).toThrow(HttpRuleError);
  expect(() => createRuleSet([]).find(method)).toThrow(problem);
});

test("a wrong override is found when the set is made, before any method is asked for", () => {
  expect(() =>
    createRuleSet([
      { selector, get: "/v1" },
      { selector, get: "v1" },
    ]),
  ).toThrow(HttpRuleError);
});

test("a hole in the list of overrides is no rule", () => {
  expect(() => createRuleSet(new Array(1))).toThrow("http rule 0 is no object");
});
