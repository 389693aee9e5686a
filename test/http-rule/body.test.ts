// SPDX-License-Identifier: Apache-2.0
import { create, type DescMessage, type JsonValue } from "@bufbuild/protobuf";
import { HttpBodySchema } from "../../gen/google/api/httpbody_pb.js";
import { CancelOperationRequestSchema, Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { Binding, ContentPlan } from "../../src/http-rule/binding.js";
import { fromBody, isRaw, toBody } from "../../src/http-rule/body/body.js";
import type { HttpBindingJson } from "../../src/http-rule/rule-json.js";
import { fromRestCall } from "../../src/http-rule/transcode.js";
import { decodeJson } from "../../src/json/decode-json.js";
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

function contentOf({ body }: Binding): ContentPlan {
  if (body.kind === "none") throw new Error("the rule has no body");
  return body;
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
  const plan = contentOf(bindingOf({ post: "/v1", body }, schema));
  const message = decodeJson(schema, input, json);
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
  const plan = contentOf(bindingOf({ post: "/v1", body }, LoadSchema));
  expect(toBody(plan, LoadSchema, { message: create(LoadSchema), json })).toEqual({ kind: "json", value });
});

test("fields of the path are in no body, and the messages around them stay", () => {
  const input = {
    name: "n",
    leaf: { id: "i", n: 1, child: { id: "c" } },
    book: { name: "b", leaf: { id: "l" } },
  };
  const message = decodeJson(ReqSchema, input, json);
  const path = "/v1/{name}/{leaf.child.id}/{book.name}/{book.leaf.id}/{book.leaf.id}";
  expect(
    toBody(contentOf(bindingOf({ post: path, body: "*" }, ReqSchema)), ReqSchema, { message, json }),
  ).toEqual({
    kind: "json",
    value: { leaf: { id: "i", n: 1, child: {} }, book: { leaf: {} } },
  });
  expect(
    toBody(contentOf(bindingOf({ post: path, body: "leaf" }, ReqSchema)), ReqSchema, { message, json }),
  ).toEqual({
    kind: "json",
    value: { id: "i", n: 1, child: {} },
  });
  expect(message).toEqual(decodeJson(ReqSchema, input, json)); // the message itself is as it was
});

test("a field with the name of the path's variable in another message stays", () => {
  const message = decodeJson(ReqSchema, { name: "n", book: { name: "b", title: "t" } }, json);
  const body = contentOf(bindingOf({ post: "/v1/{name}", body: "*" }, ReqSchema));
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
  expect(toBody(contentOf(upload), HttpBodySchema, { message, json })).toEqual(raw);
  expect(fromBody(upload.body, HttpBodySchema, { body: raw, json })).toEqual(message);

  const store = bindingOf({ post: "/v1/{name}", body: "raw" }, LoadSchema);
  const load = create(LoadSchema, { raw: message });
  expect(toBody(contentOf(store), LoadSchema, { message: load, json })).toEqual(raw);
  expect(fromBody(store.body, LoadSchema, { body: raw, json })).toEqual(load);
});

test("an unset HttpBody is no bytes of an unknown type", () => {
  const store = bindingOf({ post: "/v1/{name}", body: "raw" }, LoadSchema);
  expect(toBody(contentOf(store), LoadSchema, { message: create(LoadSchema), json })).toEqual({
    kind: "raw",
    contentType: "application/octet-stream",
    data: new Uint8Array(),
  });
});

test("no body reads as an empty message", () => {
  const store = bindingOf({ post: "/v1/{name}", body: "*" }, LoadSchema);
  const message = fromRestCall(store, { values: [""], query: "", body: undefined }, json);
  expect(message).toEqual(create(LoadSchema));
});

test("a response is the whole message, or the field that response_body names", () => {
  const whole = bindingOf({ get: "/v1/x" }, ReqSchema);
  const part = bindingOf({ get: "/v1/x", responseBody: "book" }, ReqSchema);
  const message = decodeJson(ReqSchema, { book: { name: "b" } }, json);
  expect(toBody(whole.response, whole.method.output, { message, json })).toEqual({
    kind: "json",
    value: { book: { name: "b" } },
  });
  expect(toBody(part.response, part.method.output, { message, json })).toEqual({
    kind: "json",
    value: { name: "b" },
  });
  expect(
    fromBody(whole.response, whole.method.output, {
      body: { kind: "json", value: { book: { name: "b" } } },
      json,
    }),
  ).toEqual(message);
  expect(
    fromBody(part.response, part.method.output, { body: { kind: "json", value: { name: "b" } }, json }),
  ).toEqual(message);
  expect([whole, part].map(({ response }) => isRaw(response))).toEqual([false, false]);
});

test("a response may be an HttpBody, whole or in a field, and may come as JSON all the same", () => {
  const upload = bindingOf({ post: "/v1/raw", body: "*" }, HttpBodySchema);
  const message = create(HttpBodySchema, { contentType: "image/png", data });
  expect(isRaw(upload.response)).toBe(true);
  expect(toBody(upload.response, upload.method.output, { message, json })).toEqual(raw);
  expect(fromBody(upload.response, upload.method.output, { body: raw, json })).toEqual(message);
  expect(
    fromBody(upload.response, upload.method.output, {
      body: { kind: "json", value: { contentType: "image/png", data: "AP8K" } },
      json,
    }),
  ).toEqual(message);

  const field = bindingOf({ get: "/v1/x", responseBody: "raw" }, LoadSchema);
  const load = create(LoadSchema, { raw: message });
  expect(isRaw(field.response)).toBe(true);
  expect(toBody(field.response, field.method.output, { message: load, json })).toEqual(raw);
  expect(fromBody(field.response, field.method.output, { body: raw, json })).toEqual(load);
});
