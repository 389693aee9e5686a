// SPDX-License-Identifier: Apache-2.0
import { create, createRegistry } from "@bufbuild/protobuf";
import fc from "fast-check";
import { GetOperationRequestSchema, Operations } from "../../gen/google/longrunning/operations_pb.js";
import { compileRule } from "../../src/http-rule/compile.js";
import { createRuleSet } from "../../src/http-rule/rule-set.js";
import { toRestCall } from "../../src/http-rule/transcode.js";
import { httpRulesFromServiceConfig, ServiceConfigError } from "../../src/service-config.js";
import { anyText } from "../any-text.js";
import { propertyRuns } from "../property-runs.js";

/** Cut down to the shape that service configurations in googleapis have. */
const yaml = `type: google.api.Service
config_version: 3
name: example.googleapis.com
title: Example API

apis:
- name: google.longrunning.Operations

backend:
  rules:
  - selector: 'google.longrunning.Operations.*'
    deadline: 60.0

http:
  rules:
  - selector: google.longrunning.Operations.GetOperation
    get: '/v1/{name=projects/*/operations/*}'
    additional_bindings:
    - get: '/v1/{name=organizations/*/operations/*}'
    - get: '/v1/{name=folders/*/operations/*}'
  - selector: google.longrunning.Operations.CancelOperation
    post: '/v1/{name=projects/*/operations/*}:cancel'
    body: '*'
  - selector: google.longrunning.Operations.ListOperations
    get: /v1/{name=projects/*}/operations  # unquoted text is text as well

authentication:
  rules: []
`;

const rules = [
  {
    selector: "google.longrunning.Operations.GetOperation",
    get: "/v1/{name=projects/*/operations/*}",
    additional_bindings: [
      { get: "/v1/{name=organizations/*/operations/*}" },
      { get: "/v1/{name=folders/*/operations/*}" },
    ],
  },
  {
    selector: "google.longrunning.Operations.CancelOperation",
    post: "/v1/{name=projects/*/operations/*}:cancel",
    body: "*",
  },
  { selector: "google.longrunning.Operations.ListOperations", get: "/v1/{name=projects/*}/operations" },
];

test("reads the rules of a YAML file, in order and as they are", () => {
  expect([...httpRulesFromServiceConfig(yaml)]).toEqual(rules);
});

test("reads an object and JSON text, in either spelling", () => {
  const config = { type: "google.api.Service", http: { rules, fullyDecodeReservedExpansion: true } };
  expect([...httpRulesFromServiceConfig(config)]).toEqual(rules);
  expect([...httpRulesFromServiceConfig(JSON.stringify(config))]).toEqual(rules);
});

test("the rules work as overrides", () => {
  const method = Operations.method.getOperation;
  const rule = createRuleSet(httpRulesFromServiceConfig(yaml)).find(method);
  const message = create(GetOperationRequestSchema, { name: "folders/f/operations/o" });
  expect(rule && toRestCall(compileRule(method, rule), message, { registry: createRegistry() }).path).toBe(
    "/v1/folders/f/operations/o",
  );
});

test.each([
  ["type: google.api.Service\n", []],
  ["http: {}\n", []],
  ["http:\n", []],
  ["http:\n  rules:\n", []],
])("a configuration without rules has none: %j", (text, want) => {
  expect([...httpRulesFromServiceConfig(text)]).toEqual(want);
});

test.each([
  [{ http: { rules } }, false],
  [{ http: { fully_decode_reserved_expansion: true } }, true],
  [{ http: { fullyDecodeReservedExpansion: true } }, true],
  [{ http: { fully_decode_reserved_expansion: false } }, false],
  [{ apis: [] }, false],
])("notes fully_decode_reserved_expansion of %j", (config, want) => {
  expect(httpRulesFromServiceConfig(config).fullyDecodeReservedExpansion).toBe(want);
});

test.each([
  // text, line, problem
  ["http: [\n", 2, /^service configuration, line 2: not YAML: /],
  ["http:\n  rules: []\n  rules: []\n", 3, /not YAML: Map keys must be unique/],
  ["a: 1\n---\nhttp: {}\n", undefined, /several YAML documents/],
  ["just text\n", undefined, /a text without keys/],
  ["", undefined, /an empty text/],
  ["- http\n", undefined, /a text without keys/],
  ["name: x\ntype: google.api.Other\n", 2, /line 2: type: "google.api.Other", expected google.api.Service$/],
  ["name: x\nhttp: 5\n", 2, /line 2: http: expected a mapping$/],
  ["http:\n  rulez: []\n", 2, /line 2: http.rulez: unknown key, expected one of rules, fully_decode/],
  ["http:\n\n  rules: 7\n", 3, /line 3: http.rules: expected a list$/],
  ["http:\n  fully_decode_reserved_expansion: maybe\n", 2, /expected true or false$/],
  [
    "http:\n  rules:\n  - get: /v1\n",
    3,
    /line 3: http.rules\[0\]: http rule 0 has no selector, expected the full name of a method$/,
  ],
  ["http:\n  rules:\n  - text\n", 3, /line 3: http.rules\[0\]: http rule 0 is no object$/],
  [
    "http:\n  rules:\n  - selector: a.B.C\n    get: /v1\n    boddy: '*'\n",
    5,
    /line 5: http.rules\[0\].boddy: http rule 0 has the unknown key "boddy"$/,
  ],
  ["http:\n  rules:\n  - selector: a.B.C\n", 3, /a.B.C: the rule has no pattern, expected one of get, put, /],
  [
    "http:\n  rules:\n  - selector: a.B.C\n    get: /v1/{name\n",
    4,
    /line 4: http.rules\[0\].get: a.B.C: template "\/v1\/{name" at column 10: expected "=" or "}"/,
  ],
  [
    "http:\n  rules:\n  - selector: a.B.C\n    get: /v1\n    additional_bindings:\n    - get: /v2\n    - post: v3\n",
    7,
    /line 7: http.rules\[0\].additional_bindings\[1\].post: a.B.C: template "v3" at column 1: expected a leading "\/"/,
  ],
  [
    "http:\n  rules:\n  - selector: a.B.C\n    get: /v1\n    body: '*'\n",
    4,
    /a.B.C: GET \/v1 has a body, expected none/,
  ],
])("rejects %j at its line", (text, line, problem) => {
  let fault: unknown;
  try {
    httpRulesFromServiceConfig(text);
  } catch (error) {
    fault = error;
  }
  expect(fault).toBeInstanceOf(ServiceConfigError);
  expect(fault).toMatchObject({ line, message: expect.stringMatching(problem) });
});

test("an object has no lines, but the error says where in it the error is", () => {
  const config = { http: { rules: [...rules, { selector: "a.B.C", get: "v1" }] } };
  expect(() => httpRulesFromServiceConfig(config)).toThrow(
    'service configuration: http.rules[3].get: a.B.C: template "v1" at column 1: expected a leading "/", got "v"',
  );
});

test.each([
  ["http: *nothing\n", "refused"],
  ["x: &x {selector: a.B.C, get: /v1}\nhttp: {rules: [*x]}\n", "1 rules"],
])("follows an alias that leads somewhere: %j", (text, want) => {
  expect(outcomeOf(text)).toBe(want);
});

test("rejects aliases of aliases without end", () => {
  const levels = Array.from(
    { length: 12 },
    (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(10)}]`,
  );
  expect(outcomeOf(`http:\n  l0: &l0 [x]\n  ${levels.join("\n  ")}\n`)).toBe("refused");
});

function outcomeOf(text: string): string {
  try {
    return `${httpRulesFromServiceConfig(text).length} rules`;
  } catch (error) {
    if (error instanceof ServiceConfigError) {
      return "refused";
    }
    throw error;
  }
}

test("no text makes it throw anything but ServiceConfigError", () => {
  const tokens = [
    "http:",
    "\n",
    "  ",
    "rules:",
    "- ",
    "selector: a.B.C",
    "get: /v1",
    "*x",
    "&x ",
    "!!set ",
    "{",
    "]",
    "? ",
    ": ",
    "'",
    "|",
    "\t",
    "<<: ",
    "null",
  ];
  fc.assert(
    fc.property(
      fc.oneof(
        anyText(),
        fc.array(fc.constantFrom(...tokens)).map((parts) => parts.join("")),
      ),
      (text) => {
        expect(outcomeOf(text)).toMatch(/^(\d+ rules|refused)$/);
      },
    ),
    { numRuns: propertyRuns(3_000) },
  );
}, 60_000);
