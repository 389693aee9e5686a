// SPDX-License-Identifier: Apache-2.0
import { create, type DescMethod, type JsonValue } from "@bufbuild/protobuf";
import { FieldMaskSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { CancelOperationRequestSchema, Operations } from "../../gen/google/longrunning/operations_pb.js";
import { compileRule } from "../../src/http-rule/compile.js";
import { createMatcher } from "../../src/http-rule/matcher.js";
import type { HttpBindingJson } from "../../src/http-rule/rule-json.js";
import { createRuleSet, type RuleSet } from "../../src/http-rule/rule-set.js";
import { fromRestCall, toRestCall } from "../../src/http-rule/transcode.js";
import { decodeJson } from "../../src/json/decode-json.js";
import { propertyRuns } from "../property-runs.js";
import { expressibleRequests } from "./request-arbitrary.js";
import { compile, json, requestLine } from "./rules.js";
import { Annotated, LoadSchema } from "./vectors/gen/annotated_pb.js";
import { LegacyRequestSchema } from "./vectors/gen/legacy_pb.js";
import { ReqSchema } from "./vectors/gen/vec_pb.js";

const lineOf = (bindings: readonly HttpBindingJson[], input: JsonValue): string =>
  requestLine(compile(bindings), decodeJson(ReqSchema, input, json));

test.each<[string, HttpBindingJson[], JsonValue, string]>([
  [
    "the scalars of a path are there at their zeros",
    [{ get: "/v1/{i32}/{i64}/{b}/{d}/{color}" }],
    {},
    "GET /v1/0/0/false/0/COLOR_UNSPECIFIED",
  ],
  ["an enum number without a name", [{ get: "/v1/{color}" }], { color: 99 }, "GET /v1/99"],
  [
    "a scalar that its pattern wants as a literal",
    [{ get: "/v1/{i32=7}" }, { get: "/v2/{i32}" }],
    { i32: 8 },
    "GET /v2/8",
  ],
  ["presence: set to zero", [{ get: "/v1/{opt_i32}" }], { optI32: 0 }, "GET /v1/0"],
  ["a member of a oneof", [{ get: "/s/{pick_s}" }, { get: "/i/{pick_i}" }], { pickI: 0 }, "GET /i/0"],
  [
    "a nested field whose parents are set",
    [{ get: "/v1/{leaf.child.n}" }],
    { leaf: { child: {} } },
    "GET /v1/0",
  ],
  ["one variable twice", [{ get: "/v1/{name}/x/{name}" }], { name: "a/b" }, "GET /v1/a%2Fb/x/a%2Fb"],
  [
    "the first binding that fits, not the best",
    [{ get: "/1/{name=**}" }, { get: "/2/{name=x/*}" }],
    { name: "x/y" },
    "GET /1/x/y",
  ],
  [
    "another verb and body in a later binding",
    [{ get: "/v1/{name=x/*}" }, { post: "/v1/{parent}", body: "*" }],
    { parent: "p", i32: 1 },
    'POST /v1/p {"i32":1}',
  ],
  ["a custom verb", [{ custom: { kind: "options", path: "/v1/{name}" } }], { name: "n" }, "OPTIONS /v1/n"],
  [
    "a DELETE with a body",
    [{ delete: "/v1/{name}", body: "*" }],
    { name: "n", i32: 1 },
    'DELETE /v1/n {"i32":1}',
  ],
  [
    "bindings that no client can call are passed over",
    [{ custom: { kind: "*", path: "/v1/{name}" } }, { get: "/v1/*/{name}" }, { get: "/v2/{name}" }],
    { name: "n" },
    "GET /v2/n",
  ],
  [
    "path, body and query at once",
    [{ patch: "/v1/{book.name=books/*}:x", body: "book" }],
    { book: { name: "books/b", title: "t" }, updateMask: "title", i32: 1 },
    'PATCH /v1/books/b:x?i32=1&updateMask=title {"title":"t"}',
  ],
])("%s", (_, bindings, input, line) => {
  expect(lineOf(bindings, input)).toBe(line);
});

test.each<[string, HttpBindingJson[], JsonValue, string]>([
  ["an unset name", [{ get: "/v1/{name=x/*}" }], {}, 'GET /v1/{name=x/*}: name is unset, expected "x/*"'],
  [
    "every field that does not fit",
    [{ get: "/v1/{name=x/*}/{parent}/{book_id}" }],
    { bookId: "b", name: "y" },
    'GET /v1/{name=x/*}/{parent}/{book_id}: name is "y", expected "x/*", parent is unset, expected "*"',
  ],
  ["presence: unset", [{ get: "/v1/{opt_b}" }], {}, 'GET /v1/{opt_b}: opt_b is unset, expected "*"'],
  [
    "presence: an empty text",
    [{ get: "/v1/{opt_str}" }],
    { optStr: "" },
    'GET /v1/{opt_str}: opt_str is unset, expected "*"',
  ],
  ["empty bytes", [{ get: "/v1/{by}" }], {}, 'GET /v1/{by}: by is unset, expected "*"'],
  [
    "the other member of a oneof",
    [{ get: "/v1/{pick_i}" }],
    { pickS: "x" },
    'GET /v1/{pick_i}: pick_i is unset, expected "*"',
  ],
  [
    "an unset parent",
    [{ get: "/v1/{leaf.child.n}" }],
    { leaf: {} },
    'GET /v1/{leaf.child.n}: leaf.child.n is unset, expected "*"',
  ],
  [
    "what cannot be called",
    [{ custom: { kind: "*", path: "/v1/{name}" } }, { get: "/v1/**" }],
    { name: "n" },
    "* /v1/{name} cannot be called: the rule leaves the HTTP method open; GET /v1/** cannot be called: a wildcard outside a variable, at column 5",
  ],
  [
    "control characters, quoted",
    [{ get: "/v1/{name=x/*}" }],
    { name: "a\n" },
    'GET /v1/{name=x/*}: name is "a\\n", expected "x/*"',
  ],
])("says why no binding fits: %s", (_, bindings, input, why) => {
  expect(() => lineOf(bindings, input)).toThrow(
    expect.objectContaining({
      code: Code.InvalidArgument,
      rawMessage: `vec.v1.Svc.Call: the request fits none of its HTTP bindings: ${why}`,
    }),
  );
});

test("says that a method has its default rule alone, where the rules given bind others of its service", () => {
  const { cancelOperation, getOperation } = Operations.method;
  const name = "networks/1/operations/reports/runs/2";
  const find = (bound: string) =>
    createRuleSet([{ selector: `google.longrunning.Operations.${bound}`, get: "/v1/{name=networks/**}" }]);
  const line = (rules: RuleSet, method: DescMethod) => {
    const rule = rules.find(method);
    if (rule === undefined) throw new Error(`${method.name} has no rule`);
    return requestLine(compileRule(method, rule), create(method.input, { name }));
  };
  expect(() => line(find("GetOperation"), cancelOperation)).toThrow(
    "(httpRules has no rule for CancelOperation, so its default applies; the API may not have this method)",
  );
  expect(line(find("GetOperation"), getOperation)).toContain(name);
  expect(() => line(createRuleSet([]), cancelOperation)).toThrow(/expected "operations\/\*\*"$/);
});

test("a proto2 default is no value of the path", () => {
  const rule = compile([{ get: "/v1/legacy/{name}" }], Annotated.method.legacy);
  expect(() => requestLine(rule, create(LegacyRequestSchema))).toThrow('name is unset, expected "*"');
  expect(requestLine(rule, create(LegacyRequestSchema, { name: "n", sure: true }))).toBe(
    "GET /v1/legacy/n?sure=true",
  );
});

test("an error over 112 bindings and a long name is short", () => {
  const bindings = Array.from({ length: 112 }, (_, index) => ({
    get: `/v1/{name=${"projects/*/".repeat(40)}p${index}}`,
  }));
  const error = ConnectError.from(thrownBy(() => lineOf(bindings, { name: "x".repeat(10_000) })));
  expect(error.rawMessage.length).toBeLessThan(4_096);
  expect(error.rawMessage).toMatch(/; and 104 more$/);
});

test("the 112th of 112 bindings is found", () => {
  const bindings = Array.from({ length: 112 }, (_, index) => ({ get: `/v1/{name=p${index}/*}` }));
  expect(lineOf(bindings, { name: "p111/x" })).toBe("GET /v1/p111/x");
});

test("a dot segment is rejected at once, though a later binding would put the name elsewhere", () => {
  expect(() => lineOf([{ get: "/v1/{name=**}" }, { get: "/v1/x" }], { name: "a/../b" })).toThrow(
    expect.objectContaining({
      code: Code.InvalidArgument,
      rawMessage: 'name has a dot segment (".."), which URL parsers remove',
    }),
  );
});

test("JSON that cannot be made is InvalidArgument with the cause", () => {
  const message = create(ReqSchema, { name: "n", updateMask: create(FieldMaskSchema, { paths: ["foo_1"] }) });
  const call = () => toRestCall(compile([{ post: "/v1/{name}", body: "*" }]), message, json);
  expect(call).toThrow(expect.objectContaining({ code: Code.InvalidArgument, cause: expect.any(Error) }));
  expect(call).toThrow(/vec\.v1\.Req: /);
});

test("a value of the wrong type is InvalidArgument, not a request", () => {
  const message = { ...create(CancelOperationRequestSchema), name: 5 };
  const rule = compile([{ post: "/v1/{name}:cancel" }], Operations.method.cancelOperation);
  expect(() => toRestCall(rule, message, json)).toThrow(
    expect.objectContaining({ code: Code.InvalidArgument }),
  );
});

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a server makes of a request to the one method `vec.v1.Svc.Call`. */
function receive(
  bindings: readonly HttpBindingJson[],
  request: string,
  content?: string | Uint8Array,
  method?: DescMethod,
) {
  const [verb = "", target = ""] = request.split(" ");
  const [path = "", query = ""] = target.split("?");
  const match = createMatcher([compile(bindings, method)]).match(verb, path);
  if (match.kind !== "found") {
    throw new Error(match.kind);
  }
  const body = content === undefined ? undefined : { contentType: "application/json", content };
  return fromRestCall(match.binding, { values: match.values, query, body }, json);
}

test.each<[string, HttpBindingJson, string, string | Uint8Array | undefined, JsonValue]>([
  [
    "a path",
    { get: "/v1/{i64}/{color}/{leaf.child.n}/{by}" },
    "GET /v1/-5/GREEN/7/_w%3D%3D",
    undefined,
    { i64: "-5", color: "GREEN", by: "/w==", leaf: { child: { n: 7 } } },
  ],
  [
    "path over body over nothing",
    { post: "/v1/{name}", body: "*" },
    "POST /v1/n",
    '{"name":"other","i32":1}',
    { name: "n", i32: 1 },
  ],
  ["path over query", { get: "/v1/{name}" }, "GET /v1/n?name=other&i32=1", undefined, { name: "n", i32: 1 }],
  [
    "path into a body's field",
    { patch: "/v1/{book.name}", body: "book" },
    "PATCH /v1/b?updateMask=title",
    '{"title":"t"}',
    { book: { name: "b", title: "t" }, updateMask: "title" },
  ],
  ["a body in bytes", { post: "/v1/x", body: "*" }, "POST /v1/x", utf8('\ufeff{"name":"é"}'), { name: "é" }],
  ["no body for *", { post: "/v1/x", body: "*" }, "POST /v1/x", undefined, {}],
  ["white space for *", { post: "/v1/x", body: "*" }, "POST /v1/x", " \n", {}],
  ["the empty string for a message", { post: "/v1/x", body: "book" }, "POST /v1/x", '""', {}], // as google-gax has it
  ["the empty string for a string", { post: "/v1/x", body: "opt_str" }, "POST /v1/x", '""', { optStr: "" }],
  ["null for a value that may be null", { post: "/v1/x", body: "val" }, "POST /v1/x", "null", { val: null }],
  ["null for a message", { post: "/v1/x", body: "*" }, "POST /v1/x", "null", {}],
  ["null for a field", { post: "/v1/x", body: "book" }, "POST /v1/x", "null", {}],
  ["{} where there is no body", { post: "/v1/{name}:cancel" }, "POST /v1/n:cancel", "{}", { name: "n" }],
  ['"" where there is no body', { post: "/v1/{name}:cancel" }, "POST /v1/n:cancel", '""', { name: "n" }],
  ["proto names in JSON", { post: "/v1/x", body: "*" }, "POST /v1/x", '{"book_id":"b"}', { bookId: "b" }],
])("a server reads %s", (_, binding, request, content, want) => {
  expect(receive([binding], request, content)).toEqual(decodeJson(ReqSchema, want, json));
});

test.each<[string, HttpBindingJson, string, string | Uint8Array | undefined, string]>([
  [
    "a path of the wrong type",
    { get: "/v1/{i32}" },
    "GET /v1/x",
    undefined,
    "i32 in the path is not an int32",
  ],
  ["a nested one", { get: "/v1/{leaf.n}" }, "GET /v1/1.5", undefined, "leaf.n in the path is not an int32"],
  [
    "a body that is not JSON",
    { post: "/v1/x", body: "*" },
    "POST /v1/x",
    "{",
    "the request body is not JSON in UTF-8",
  ],
  [
    "a body that is not UTF-8",
    { post: "/v1/x", body: "*" },
    "POST /v1/x",
    new Uint8Array([0x22, 0xff, 0x22]),
    "the request body is not JSON in UTF-8",
  ],
  [
    "a body where there is none",
    { post: "/v1/{name}:cancel" },
    "POST /v1/n:cancel",
    '{"name":"n"}',
    "the request has a body, expected none",
  ],
  [
    "a query where the body has all",
    { post: "/v1/{name}", body: "*" },
    "POST /v1/n?i32=1",
    undefined,
    'query parameter "i32" is no field that this method takes from the query',
  ],
  [
    "a query for the body's field",
    { post: "/v1/{name}", body: "book" },
    "POST /v1/n?book.title=t",
    undefined,
    'query parameter "book.title" is no field that this method takes from the query',
  ],
])("a server rejects %s", (_, binding, request, content, problem) => {
  expect(() => receive([binding], request, content)).toThrow(
    expect.objectContaining({ code: Code.InvalidArgument, rawMessage: problem }),
  );
});

test("a server rejects a body that does not fit its message", () => {
  expect(() => receive([{ post: "/v1/x", body: "*" }], "POST /v1/x", '{"i32":"x"}')).toThrow(
    expect.objectContaining({
      code: Code.InvalidArgument,
      rawMessage: expect.stringMatching(/^the request body: /),
    }),
  );
});

test("a server reads the bytes of an HttpBody with any content", () => {
  const data = new Uint8Array([0xff, 0]);
  expect(receive([{ post: "/v1/{name}", body: "raw" }], "POST /v1/n", data, Annotated.method.store)).toEqual(
    create(LoadSchema, { name: "n", raw: { contentType: "application/json", data } }),
  );
});

test("what a client sends, a server reads as the same message", () => {
  const bindings: HttpBindingJson[] = [
    { patch: "/v1/{book.title=books/**}:x", body: "book" },
    { post: "/v1/{name=*/x/**}/y/{leaf.n}", body: "*" },
    { put: "/v1/{parent}/{color}/{d}", body: "ts" },
    { get: "/v1/{opt_i32}/z/{by}" },
    { get: "/v1/{pick_i}" },
    { post: "/v1", body: "tags" },
  ];
  const rule = compile(bindings);
  const matcher = createMatcher([rule]);
  const used = new Set<string>();
  const requests = fc
    .tuple(expressibleRequests, fc.constantFrom("", "a/x", "a/x/é", "p:x"), fc.constantFrom("", "books/1/2"))
    .map(([request, name, title]) => {
      const message = { ...request, name, f: request.f + 0, d: request.d + 0 }; // JSON.stringify drops the sign of -0
      if (message.wd !== undefined) {
        message.wd += 0;
      }
      return title === "" || message.book === undefined
        ? message
        : { ...message, book: { ...message.book, title } };
    });
  fc.assert(
    fc.property(requests, (message) => {
      const { verb, path, query, body } = toRestCall(rule, message, json);
      const match = matcher.match(verb, path);
      if (match.kind !== "found") {
        throw new Error(match.kind);
      }
      used.add(match.binding.template.text);
      const read = fromRestCall(match.binding, { values: match.values, query, body }, json);
      expect(read).toEqual(message);
    }),
    { numRuns: propertyRuns(6_000, 300) },
  );
  expect(used.size).toBe(bindings.length);
}, 60_000);
