// SPDX-License-Identifier: Apache-2.0
import { create, type DescField, type DescMessage } from "@bufbuild/protobuf";
import {
  DurationSchema,
  FieldMaskSchema,
  Int32ValueSchema,
  StringValueSchema,
  TimestampSchema,
} from "@bufbuild/protobuf/wkt";
import { type FromText, fieldFromText } from "../../src/http-rule/field/from-text.js";
import { fieldToText, type ToText } from "../../src/http-rule/field/to-text.js";
import { expectLinear } from "../linear-cost.js";
import { LoadSchema } from "./vectors/gen/annotated_pb.js";
import { LegacyRequestSchema } from "./vectors/gen/legacy_pb.js";
import { ReqSchema } from "./vectors/gen/vec_pb.js";

function fieldNamed(schema: DescMessage, name: string): DescField {
  const field = schema.fields.find((candidate) => candidate.name === name);
  if (field === undefined) {
    throw new Error(`no field ${name}`);
  }
  return field;
}

interface TextOf extends FromText {
  readonly toText: ToText;
}

function textOf(schema: DescMessage, name: string): TextOf {
  const field = fieldNamed(schema, name);
  const toText = fieldToText(field);
  if (toText === undefined) {
    throw new Error(`${name} has no text`);
  }
  return { toText, ...fieldFromText(field) };
}

test.each([
  [ReqSchema, "name", "a b/é", "a b/é"],
  [ReqSchema, "b", true, "true"],
  [ReqSchema, "b", false, "false"],
  [ReqSchema, "i32", -2147483648, "-2147483648"],
  [ReqSchema, "i64", 9007199254740993n, "9007199254740993"],
  [ReqSchema, "i64", -9223372036854775808n, "-9223372036854775808"],
  [ReqSchema, "u64", 18446744073709551615n, "18446744073709551615"],
  [LoadSchema, "text_long", "9007199254740993", "9007199254740993"], // jstype = JS_STRING
  [ReqSchema, "d", 1e21, "1e+21"],
  [ReqSchema, "d", -0, "-0"],
  [ReqSchema, "d", 5e-324, "5e-324"],
  [ReqSchema, "d", Number.NaN, "NaN"],
  [ReqSchema, "d", Number.POSITIVE_INFINITY, "Infinity"],
  [ReqSchema, "f", Number.NEGATIVE_INFINITY, "-Infinity"],
  [ReqSchema, "f", 3.4028234663852886e38, "3.4028234663852886e+38"],
  [ReqSchema, "color", 2, "GREEN"],
  [ReqSchema, "color", 99, "99"], // no name for it
  [ReqSchema, "color", -1, "-1"],
  [LegacyRequestSchema, "mode", 1, "FAST"],
  [ReqSchema, "by", new Uint8Array([0xfb, 0xff, 0xfe, 0x01]), "-__-AQ=="],
  [ReqSchema, "by", new Uint8Array(), ""],
  [ReqSchema, "ts", create(TimestampSchema, { seconds: 1n, nanos: 5 }), "1970-01-01T00:00:01.000000005Z"],
  [ReqSchema, "dur", create(DurationSchema, { seconds: -1n, nanos: -500_000_000 }), "-1.500s"],
  [ReqSchema, "update_mask", create(FieldMaskSchema, { paths: ["a_b", "c.d_e"] }), "aB,c.dE"],
  [ReqSchema, "update_mask", create(FieldMaskSchema), ""],
  [ReqSchema, "w64", 5n, "5"], // protobuf-es keeps the bare value
  [ReqSchema, "wbytes", new Uint8Array([0xff]), "_w=="],
  [ReqSchema, "tags", "x", "x"], // an element
  [LoadSchema, "texts", create(StringValueSchema, { value: "x" }), "x"], // not bare in a list
  [LoadSchema, "pick_wrapped", create(Int32ValueSchema, { value: 7 }), "7"], // nor in a oneof
])("%s %s: %p and %j are the same", (schema, name, value, text) => {
  expect(textOf(schema, name).toText(value)).toBe(text);
  expect(textOf(schema, name).fromText(text)).toEqual(value);
});

test.each([
  ["by", "+//+AQ==", new Uint8Array([0xfb, 0xff, 0xfe, 0x01])], // the other alphabet
  ["by", "-__-AQ", new Uint8Array([0xfb, 0xff, 0xfe, 0x01])], // without padding
  ["color", "1", 1],
  ["d", "1E3", 1000],
  ["d", ".5", 0.5],
  ["i32", "-0", 0],
  ["i32", "007", 7],
])("%s also reads %j", (name, text, value) => {
  expect(textOf(ReqSchema, name).fromText(text)).toEqual(value);
});

test.each([
  ["b", ["", "1", "TRUE", "yes"]],
  ["i32", ["", " 1", "1.0", "1e3", "0x1", "2147483648", "-2147483649", "+1", "١"]],
  ["i64", ["", "9223372036854775808", "1.5", "0x1", " 1"]],
  ["u64", ["-1", "18446744073709551616"]],
  ["d", ["", " 1", "nan", "inf", "1e999", "1_000", "0x1", "1,5"]],
  ["f", ["1e39", "-3.5e38"]],
  ["color", ["", "red", "PURPLE", "1.5", "2147483648", "99999999999"]],
  ["by", ["!", "a", "a===", "AA A", "AAAAA"]],
  ["ts", ["", "yesterday", "2024-13-01T00:00:00Z"]],
  ["dur", ["", "1", "1m", "315576000001s"]],
  ["wbool", ["1", ""]],
])("%s does not read %j", (name, texts) => {
  for (const text of texts) {
    expect([text, textOf(ReqSchema, name).fromText(text)]).toEqual([text, undefined]);
  }
});

test("a closed enum reads no number that it has no name for", () => {
  expect(textOf(LegacyRequestSchema, "mode").fromText("2")).toBe(2);
  expect(textOf(LegacyRequestSchema, "mode").fromText("3")).toBeUndefined();
});

test.each([
  ["name", 5],
  ["name", null],
  ["b", "true"],
  ["i32", "1"],
  ["i64", 2 ** 60], // a Number has lost its low digits already
  ["i64", "x"],
  ["u64", -1n],
  ["color", "RED"],
  ["by", "AA=="],
  ["d", 1n],
  ["ts", create(TimestampSchema, { seconds: 1_000_000_000_000n })],
  ["dur", create(DurationSchema, { seconds: 1n, nanos: -1 })],
  ["update_mask", create(FieldMaskSchema, { paths: ["foo_1"] })], // its camel case does not lead back
])("%s has no text for %p", (name, value) => {
  expect(() => textOf(ReqSchema, name).toText(value)).toThrow();
});

test.each(["labels", "leaves", "leaf", "any", "st", "val", "empty", "books", "raw"])(
  "%s is not one text",
  (name) => {
    expect(fieldToText(fieldNamed(ReqSchema, name))).toBeUndefined();
  },
);

test("reads a float in a time that grows with its text alone", async () => {
  const { fromText } = textOf(ReqSchema, "d");
  await expectLinear(20_000, (size) => expect(fromText(`${"1".repeat(size)}x`)).toBeUndefined());
});
