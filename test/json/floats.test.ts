// SPDX-License-Identifier: Apache-2.0
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AnySchema,
  DoubleValueSchema,
  FloatValueSchema,
  StructSchema,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";
import { contentOfBody } from "../../src/http-rule/body/body-content.js";
import { decodeJson } from "../../src/json/decode-json.js";
import { encodeJson } from "../../src/json/encode-json.js";
import { standardRegistry } from "../../src/json/registry.js";
import { ReqSchema } from "../http-rule/vectors/gen/vec_pb.js";

const registry = standardRegistry();
const floats = ReqSchema.fields.filter(({ scalar }) => scalar === 2);
const doubles = ReqSchema.fields.filter(({ scalar }) => scalar === 1);

test("the vectors have such fields", () => {
  expect([floats.length > 0, doubles.length > 0]).toEqual([true, true]);
});

test.each([0.1, -0, 1e-46, 3.4028234663852886e38, 16_777_217])(
  "a float of %d is what binary makes of it",
  (number) => {
    const value = decodeJson(FloatValueSchema, number, { registry });
    expect(fromBinary(FloatValueSchema, toBinary(FloatValueSchema, value)).value + 0).toBe(value.value + 0);
    for (const field of floats) {
      const json = {
        [field.jsonName]:
          field.fieldKind === "list" ? [number, number] : field.fieldKind === "map" ? { a: number } : number,
      };
      const message = decodeJson(ReqSchema, json, { registry });
      expect(message).toEqual(fromBinary(ReqSchema, toBinary(ReqSchema, message)));
    }
  },
);

test.each([FloatValueSchema, DoubleValueSchema])(
  "the sign of -0 is kept in the JSON text of %s",
  (schema) => {
    expect(encodeJson(schema, create(schema, { value: -0 }), { registry })).toBe("-0");
    expect(Object.is(decodeJson(schema, "-0", { registry }).value, -0)).toBe(true);
  },
);

test("the sign of -0 is kept in a Struct, where a text would be another value", () => {
  const json = { a: -0, b: [0, -0, { "-0": "-0" }], c: "[0,-0]", d: '"-0"' };
  const struct = decodeJson(StructSchema, json, { registry });
  const written = contentOfBody({ kind: "json", value: encodeJson(StructSchema, struct, { registry }) });
  expect(written.content).toBe('{"a":-0,"b":[0,-0,{"-0":"-0"}],"c":"[0,-0]","d":"\\"-0\\""}');
  expect(decodeJson(StructSchema, JSON.parse(String(written.content)), { registry })).toEqual(struct);
  expect(contentOfBody({ kind: "json", value: -0 }).content).toBe("-0");
});

test("the sign of -0 is kept in an Any of a type that is not known", () => {
  const json = { "@type": "x.googleapis.com/a.B", c: [-0] };
  const any = decodeJson(AnySchema, json, { registry });
  expect(encodeJson(AnySchema, any, { registry })).toEqual(json);
});

test("a number in a Struct stays a number", () => {
  const value = create(ValueSchema, { kind: { case: "numberValue", value: 0.1 } });
  expect(encodeJson(ValueSchema, value, { registry })).toBe(0.1);
});

test.each([
  ["\ud800", "the text in"],
  [{ a: [{ b: "x\udc00" }] }, "a.0.b in"],
  [{ a: { "k\ud83d": 1 } }, "a.a key in"],
])("a lone surrogate in a body is rejected: %j", (value, place) => {
  expect(() => contentOfBody({ kind: "json", value })).toThrow(
    `${place} the request body has a lone surrogate`,
  );
});

test.each(["\\ud800", "\u{1f600}", "\\\\ud800"])("%j is no lone surrogate", (value) => {
  expect(contentOfBody({ kind: "json", value }).content).toBe(JSON.stringify(value));
});
