// SPDX-License-Identifier: Apache-2.0
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createRuleSet } from "../../src/http-rule/rule-set.js";
import { httpRulesFromServiceConfig } from "../../src/service-config.js";
import { expectLinear } from "../linear-cost.js";

const GET = "google.longrunning.Operations.GetOperation";
const rule = { selector: GET, get: "/v1/{name=operations/**}" };
const rulesOf = (config: unknown) => [...httpRulesFromServiceConfig(config as string)];

describe("a file that is no YAML 1.2 outside of http", () => {
  test.each([
    `documentation:\n  overview: 'a\nb'\nhttp:\n  rules:\n  - selector: ${GET}\n    get: /v1/{name=operations/**}`,
    `documentation:\n  summary: "it's\nlike this: \\q"\ntype: google.api.Service\nhttp:\n  rules:\n  - selector: ${GET}\n    get: /v1/{name=operations/**}\n`,
    `'type': google.api.Service\r\nhttp:\r\n  rules:\r\n  - selector: ${GET}\r\n    get: /v1/{name=operations/**}\r\nauthentication:\r\n  [\r\n`,
  ])("is read: %j", (text) => {
    expect(rulesOf(text)).toEqual([rule]);
    expect(rulesOf(new TextEncoder().encode(text))).toEqual([rule]);
    expect(rulesOf(Buffer.from(`\ufeff${text}`))).toEqual([rule]);
  });

  test("keeps the numbers of lines", () => {
    const text = "title: 'a\nb'\napis: []\nhttp:\n  rules:\n  - selector: a.B.C\n    gte: /v1/x\n";
    expect(() => rulesOf(text)).toThrow(/^service configuration, line 7: /);
  });
});

test.each<[unknown, RegExp]>([
  [undefined, /undefined; pass text/],
  [42, /number; pass text/],
  [Promise.resolve(""), /a Promise; await it/],
  [new URL("https://example.com/spanner.yaml"), /a URL; pass the text/],
  [new Map([["http", {}]]), /a Map; pass a plain object/],
  [[rule], /a list; pass the whole/],
  [{ openapi: "3.1.0", paths: {} }, /an OpenAPI document/],
  ["swagger: '2.0'\npaths: {}\n", /an OpenAPI document/],
  ['{"kind":"discovery#restDescription","discoveryVersion":"v1"}', /a Discovery document/],
  ['{"methodConfig":[]}', /retry\.serviceConfig/],
  ["<!DOCTYPE html>\n<title>Sign in</title>", /an HTML or XML page/],
  ["404: Not Found", /the page of an HTTP error, "404: Not Found"/],
  ["", /an empty text/],
  [" \n\n", /an empty text/],
  ["google/spanner/v1/spanner.yaml", /the name of a file; read the file/],
  ['syntax = "proto3";\npackage a;', /a proto file/],
  [{ rules: [rule] }, /the http section alone/],
  [{ private_key: "secret" }, /the key file of a service account/],
  [{}, /expected one of type, http and apis/],
  [{ name: "x", title: "y" }, /the keys "name", "title"; expected one of/],
  ["http: {}\n---\nhttp: {}\n", /several YAML documents/],
  [
    `http:\n  rules:\n  - selector: ${GET}\n    get: /v1/x\n    body: *\n`,
    /line 5: an unquoted \* .* write '\*'/,
  ],
  ["http:\n  rules: []\n  rules: []\n", /line 3: .*unique/],
  [Uint8Array.of(0xff, 0xfe, 0x41), /not text in UTF-8/],
  [{ http: new Map([["rules", []]]) }, /http: expected a mapping/],
  [{ http: { rules: new Array(1) } }, /http\.rules\[0\]: http rule 0 is no object/],
  [
    { http: { fully_decode_reserved_expansion: true, fullyDecodeReservedExpansion: false } },
    /fullyDecodeReservedExpansion: given in two spellings/,
  ],
  [new Set(["http"]), /a Set; pass its text, or a plain object/],
  [new Response("http: {}"), /a Response; pass its text/],
  [new Blob(["http: {}"]), /a Blob; pass its text/],
  [
    `http:\n\u00a0\u00a0rules:\n  - selector: ${GET}\n`,
    /line 2: a line is indented with U\+00A0, which is no blank/,
  ],
  [`type: google.api.Service\nhttp:\n  rules:\n  \u3000- selector: ${GET}\n`, /line 4: .* U\+3000/],
])("%j is rejected, saying what it seems to be", (config, problem) => {
  expect(() => rulesOf(config)).toThrow(problem);
  expect(() => rulesOf(config)).not.toThrow(/secret/);
});

test("a section whose key is written as a complex one is read, too", () => {
  const text = `type: google.api.Service\n? http\n: rules:\n  - selector: ${GET}\n    get: /v1/{name=operations/**}\n`;
  expect(rulesOf(text)).toEqual([rule]);
});

test("takes merge keys and anchors of other sections", () => {
  const merged = `x-base: &base\n  get: /v1/{name=operations/**}\nhttp:\n  rules:\n  - <<: *base\n    selector: ${GET}\n`;
  expect(rulesOf(merged)).toEqual([rule]);
  const within = `type: google.api.Service\nhttp:\n  rules:\n  - &one\n    selector: ${GET}\n    get: /v1/{name=operations/**}\n  - <<: *one\n    selector: a.B.C\n`;
  expect(rulesOf(within)).toEqual([rule, { ...rule, selector: "a.B.C" }]);
});

test("cost grows with the size of a file, not with its square", async () => {
  await expectLinear(5_000, (size) => {
    const keys = Array.from({ length: size }, (_, index) => `k${index}: ${index}`);
    const flat = httpRulesFromServiceConfig(`${keys.join("\n")}\nhttp: {rules: []}\n`);
    expect([...flat]).toEqual([]);
    expect(() => rulesOf(`http:\n  ${keys.join("\n  ")}\n`)).toThrow("unknown key");
  });
});

test("a method that an API leaves out has no rule, when it binds others", () => {
  const { cancelOperation, getOperation } = Operations.method;
  const own = createRuleSet(httpRulesFromServiceConfig({ http: { rules: [rule] } }));
  expect([own.find(getOperation), own.find(cancelOperation)]).toEqual([expect.anything(), undefined]);
  const none = createRuleSet(httpRulesFromServiceConfig({ http: { rules: [] } }));
  expect(none.find(cancelOperation)).toBeDefined();
  expect(createRuleSet([rule]).find(cancelOperation)).toBeDefined();
});
