// SPDX-License-Identifier: Apache-2.0
import { create, type DescMessage, type JsonValue } from "@bufbuild/protobuf";
import { HttpBodySchema } from "../../gen/google/api/httpbody_pb.js";
import { CancelOperationRequestSchema, Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { Binding } from "../../src/http-rule/binding.js";
import { fromBody, toBody } from "../../src/http-rule/body/body.js";
import { decodeResponse, encodeResponse, isRawResponse } from "../../src/http-rule/response.js";
import type { HttpBindingJson } from "../../src/http-rule/rule-json.js";
import { compile, json } from "./rules.js";
import { Annotated, LoadSchema } from "./vectors/gen/annotated_pb.js";
import { ReqSchema } from "./vectors/gen/vec_pb.js";

function bindingOf(binding: HttpBindingJson, schema: DescMessage): Binding {
  const method =
    schema === LoadSchema
      ? Annotated.method.store
      : schema === HttpBodySchema
        ? Annotated.method.upload
        : undefined;
  const [compiled] = compile([binding], method).bindings;
  if (compiled === undefined) {
    throw new Error("a rule has a binding");
  }
  return compiled;
}

const time = "2024-01-02T03:04:05Z";
const any = { "@type": "type.googleapis.com/google.protobuf.Duration", value: "1s" };

test.each<[string, DescMessage, JsonValue, JsonValue]>([
  // body, message, the body's JSON: both ways
  ["shelf", LoadSchema, { shelf: { theme: "t" } }, { theme: "t" }],
  ["shelf", LoadSchema, { shelf: {} }, {}],
  ["time", LoadSchema, { time }, time],
  ["st", LoadSchema, { st: { a: [1, null] } }, { a: [1, null] }],
  ["list", LoadSchema, { list: [1, "a"] }, [1, "a"]],
  ["val", LoadSchema, { val: "x" }, "x"],
  ["any", LoadSchema, { any }, any],
  ["text", LoadSchema, { text: "" }, ""], // a wrapper that is there
  ["maybe", LoadSchema, { maybe: 0 }, 0],
  ["big", LoadSchema, { big: "9007199254740993" }, "9007199254740993"],
  ["shade", LoadSchema, { shade: "DARK" }, "DARK"],
  ["shelves", LoadSchema, { shelves: [{ theme: "t" }, {}] }, [{ theme: "t" }, {}]],
  ["by_name", LoadSchema, { byName: { "": { size: "1" } } }, { "": { size: "1" } }],
  ["data", LoadSchema, { data: "+/8=" }, "+/8="], // standard base64, as in all JSON
  ["pick_wrapped", LoadSchema, { pickWrapped: 5 }, 5],
  ["pick_shelf", LoadSchema, { pickShelf: {} }, {}],
  ["mask", LoadSchema, { mask: "aB,c" }, "aB,c"],
])("the body is the field %s", (body, schema, input, value) => {
  const plan = bindingOf({ post: "/v1", body }, schema).body;
  const message = json.fromJson(schema, input);
  expect(toBody(plan, schema, { message, json })).toEqual({ kind: "json", value });
  expect(fromBody(plan, schema, { body: { kind: "json", value }, json })).toEqual(message);
});

test.each<[string, JsonValue]>([
  ["shelf", {}],
  ["pick_shelf", {}],
  ["st", {}],
  ["any", {}],
  ["list", []],
  ["shelves", []],
  ["shades", []],
  ["by_name", {}],
  ["big", "0"],
  ["shade", "SHADE_UNSPECIFIED"],
  ["data", ""],
  ["key", ""],
  ["flag", false],
  ["maybe", null], // unset with presence, and no empty value to show
  ["text", null],
  ["time", null],
  ["val", null],
])("the unset field %s is the body %j", (body, value) => {
  const plan = bindingOf({ post: "/v1", body }, LoadSchema).body;
  expect(toBody(plan, LoadSchema, { message: create(LoadSchema), json })).toEqual({ kind: "json", value });
});

test("fields of the path are in no body, and the messages around them stay", () => {
  const input = {
    name: "n",
    leaf: { id: "i", n: 1, child: { id: "c" } },
    book: { name: "b", leaf: { id: "l" } },
  };
  const message = json.fromJson(ReqSchema, input);
  const path = "/v1/{name}/{leaf.child.id}/{book.name}/{book.leaf.id}/{book.leaf.id}";
  expect(toBody(bindingOf({ post: path, body: "*" }, ReqSchema).body, ReqSchema, { message, json })).toEqual({
    kind: "json",
    value: { leaf: { id: "i", n: 1, child: {} }, book: { leaf: {} } },
  });
  expect(
    toBody(bindingOf({ post: path, body: "leaf" }, ReqSchema).body, ReqSchema, { message, json }),
  ).toEqual({
    kind: "json",
    value: { id: "i", n: 1, child: {} },
  });
  expect(message).toEqual(json.fromJson(ReqSchema, input)); // the message itself is as it was
});

test("a field with the name of the path's variable in another message stays", () => {
  const message = json.fromJson(ReqSchema, { name: "n", book: { name: "b", title: "t" } });
  const { body } = bindingOf({ post: "/v1/{name}", body: "*" }, ReqSchema);
  expect(toBody(body, ReqSchema, { message, json })).toMatchObject({
    value: { book: { name: "b", title: "t" } },
  });
});

test("a message whose fields are all in the path has the body {} whatever it holds", () => {
  const [binding] = compile(
    [{ post: "/v1/{name}:cancel", body: "*" }],
    Operations.method.cancelOperation,
  ).bindings;
  expect(binding?.body).toEqual({ kind: "empty" });
  const message = create(CancelOperationRequestSchema, { name: "n" });
  expect(toBody({ kind: "empty" }, CancelOperationRequestSchema, { message, json })).toEqual({
    kind: "json",
    value: {},
  });
});

const data = new Uint8Array([0, 255, 10]);
const raw = { kind: "raw", contentType: "image/png", data } as const;

test("an HttpBody is its bytes with its content type, as message and as field", () => {
  const upload = bindingOf({ post: "/v1/raw", body: "*" }, HttpBodySchema);
  const message = create(HttpBodySchema, { contentType: "image/png", data });
  expect(toBody(upload.body, HttpBodySchema, { message, json })).toEqual(raw);
  expect(fromBody(upload.body, HttpBodySchema, { body: raw, json })).toEqual(message);

  const store = bindingOf({ post: "/v1/{name}", body: "raw" }, LoadSchema);
  const load = create(LoadSchema, { raw: message });
  expect(toBody(store.body, LoadSchema, { message: load, json })).toEqual(raw);
  expect(fromBody(store.body, LoadSchema, { body: raw, json })).toEqual(load);
});

test("an unset HttpBody is no bytes of an unknown type", () => {
  const store = bindingOf({ post: "/v1/{name}", body: "raw" }, LoadSchema);
  expect(toBody(store.body, LoadSchema, { message: create(LoadSchema), json })).toEqual({
    kind: "raw",
    contentType: "application/octet-stream",
    data: new Uint8Array(),
  });
});

test("no body reads as an empty message", () => {
  const store = bindingOf({ post: "/v1/{name}", body: "*" }, LoadSchema);
  expect(fromBody(store.body, LoadSchema, { body: undefined, json })).toEqual(create(LoadSchema));
});

test("a response is the whole message, or the field that response_body names", () => {
  const whole = bindingOf({ get: "/v1/x" }, ReqSchema);
  const part = bindingOf({ get: "/v1/x", responseBody: "book" }, ReqSchema);
  const message = json.fromJson(ReqSchema, { book: { name: "b" } });
  expect(encodeResponse(whole, message, json)).toEqual({ kind: "json", value: { book: { name: "b" } } });
  expect(encodeResponse(part, message, json)).toEqual({ kind: "json", value: { name: "b" } });
  expect(decodeResponse(whole, { kind: "json", value: { book: { name: "b" } } }, json)).toEqual(message);
  expect(decodeResponse(part, { kind: "json", value: { name: "b" } }, json)).toEqual(message);
  expect([whole, part].map(isRawResponse)).toEqual([false, false]);
});

test("a response may be an HttpBody, whole or in a field, and may come as JSON all the same", () => {
  const upload = bindingOf({ post: "/v1/raw", body: "*" }, HttpBodySchema);
  const message = create(HttpBodySchema, { contentType: "image/png", data });
  expect(isRawResponse(upload)).toBe(true);
  expect(encodeResponse(upload, message, json)).toEqual(raw);
  expect(decodeResponse(upload, raw, json)).toEqual(message);
  expect(
    decodeResponse(upload, { kind: "json", value: { contentType: "image/png", data: "AP8K" } }, json),
  ).toEqual(message);

  const field = bindingOf({ get: "/v1/x", responseBody: "raw" }, LoadSchema);
  const load = create(LoadSchema, { raw: message });
  expect(isRawResponse(field)).toBe(true);
  expect(encodeResponse(field, load, json)).toEqual(raw);
  expect(decodeResponse(field, raw, json)).toEqual(load);
});
