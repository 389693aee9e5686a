// SPDX-License-Identifier: Apache-2.0
import { create, type DescMethod } from "@bufbuild/protobuf";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { compileRule } from "../../src/http-rule/compile.js";
import { HttpRuleError } from "../../src/http-rule/http-rule-error.js";
import { createMatcher } from "../../src/http-rule/matcher.js";
import { operationsHttpRules } from "../../src/http-rule/operations-http-rules.js";
import { createRuleSet } from "../../src/http-rule/rule-set.js";
import { requestLine } from "./rules.js";

const { listOperations, getOperation, deleteOperation, cancelOperation, waitOperation } = Operations.method;

const rules = createRuleSet(operationsHttpRules({ prefix: "/v1" }));
function ruleOf(method: DescMethod) {
  const rule = rules.find(method);
  if (rule === undefined) {
    throw new Error(`no rule for ${method.name}`);
  }
  return compileRule(method, rule);
}

const name = "projects/p/locations/l/operations/o";

test.each([
  [getOperation, { name }, `GET /v1/${name}`],
  [deleteOperation, { name }, `DELETE /v1/${name}`],
  [cancelOperation, { name }, `POST /v1/${name}:cancel`],
  [
    waitOperation,
    { name, timeout: create(DurationSchema, { seconds: 30n }) },
    `POST /v1/${name}:wait?timeout=30s`,
  ],
  [listOperations, { name: "projects/p", pageSize: 5 }, "GET /v1/projects/p/operations?pageSize=5"],
  [listOperations, { name: "operations" }, "GET /v1/operations"],
  [listOperations, { name: "projects/p/operations" }, "GET /v1/projects/p/operations"], // not .../operations/operations
  [
    listOperations,
    { name: "organizations/o/locations/l/operations" },
    "GET /v1/organizations/o/locations/l/operations",
  ],
  [getOperation, { name: "operations/o" }, "GET /v1/operations/o"],
  [
    getOperation,
    { name: "networks/1/operations/reports/runs/2" },
    "GET /v1/networks/1/operations/reports/runs/2",
  ],
])("%s of %j", (method, init, line) => {
  expect(requestLine(ruleOf(method), create<typeof method.input>(method.input, init))).toBe(line);
});

test.each([
  ["GET", "/v1/projects/p/operations", "ListOperations", "projects/p/operations"],
  ["GET", "/v1/operations", "ListOperations", "operations"],
  ["GET", `/v1/${name}`, "GetOperation", name],
  ["DELETE", `/v1/${name}`, "DeleteOperation", name],
  ["POST", `/v1/${name}:cancel`, "CancelOperation", name],
  ["POST", `/v1/${name}:wait`, "WaitOperation", name],
])("a server finds %s %s", (verb, path, method, value) => {
  const match = createMatcher(Operations.methods.map(ruleOf)).match(verb, path);
  expect(match).toMatchObject({ kind: "found", rule: { method: { name: method } }, values: [value] });
});

test("the prefix may be longer or empty", () => {
  expect(operationsHttpRules({ prefix: "/compute/v1" })[1]).toEqual({
    selector: "google.longrunning.Operations.GetOperation",
    get: "/compute/v1/{name=**}",
  });
  expect(operationsHttpRules({ prefix: "" })[1]).toMatchObject({ get: "/{name=**}" });
});

test.each(["v1", "/v1/", "/", "/v1:x", "/v1?x"])("refuses the prefix %j", (prefix) => {
  expect(() => operationsHttpRules({ prefix })).toThrow(HttpRuleError);
});

test.each<[options: object, message: string]>([
  [{ prefix: "/v1", prefx: "" }, 'unknown option "prefx" (expected prefix)'],
  [{ prefix: ["/v1"] }, 'prefix: invalid value (got object; expected text such as "/v1")'],
  [{}, 'prefix: invalid value (got undefined; expected text such as "/v1")'],
])("rejects %j", (options, message) => {
  expect(() => operationsHttpRules(options as { prefix: string })).toThrow(message);
});
