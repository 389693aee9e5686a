// SPDX-License-Identifier: Apache-2.0
// Where protobuf-es loses or makes up a value, or its error would not tell which one is wrong.

import {
  create,
  createFileRegistry,
  createRegistry,
  type DescMessage,
  type JsonValue,
} from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { decodeJson } from "../../src/json/decode-json.js";
import { encodeJson } from "../../src/json/encode-json.js";
import { standardRegistry } from "../../src/json/registry.js";
import { kinds, kindsType } from "./kinds-schema.js";

const registry = createRegistry(standardRegistry(), kinds.proto2);
const Kinds = kindsType("proto2");

function through(json: JsonValue, schema: DescMessage = Kinds): JsonValue {
  return encodeJson(schema, decodeJson(schema, json, { registry }), { registry });
}

/** Writes a message as a program without types may build it. */
function write(fields: Record<string, unknown>): JsonValue {
  return encodeJson(Kinds, create(Kinds, fields), { registry });
}

const unknown = { "@type": "x.dev/a.Unknown", n: 1 };

test.each<[string, JsonValue]>([
  ["one", { "[kinds.ext_small]": { any: unknown } }],
  ["several", { "[kinds.ext_any]": [unknown, { ...unknown, n: 2 }, {}] }],
  [
    "one, in an Any of a known type",
    { oneAny: { "@type": "x.dev/kinds.Kinds", "[kinds.ext_any]": [unknown] } },
  ],
  ["one, beside others", { manyAny: [unknown, unknown], "[kinds.ext_small]": { any: unknown } }],
])("an Any of an unknown type in an extension keeps its JSON: %s", (_, json) => {
  expect(through(json)).toEqual(json);
});

test.each([
  { "@type": "type.googleapis.com/google.protobuf.Empty" },
  { "@type": "type.googleapis.com/google.protobuf.Empty", value: {} },
])("a server reads an Any of google.protobuf.Empty, as C++ and as Go writes it: %j", (oneAny) => {
  const message = decodeJson(Kinds, { oneAny }, { registry, strict: true });
  expect(encodeJson(Kinds, message, { registry })).toEqual({
    oneAny: { "@type": "type.googleapis.com/google.protobuf.Empty" },
  });
});

test("a field whose name in JSON is the name of another field is read as it is written", () => {
  const field = (name: string, jsonName: string, number: number) => ({
    ...{ name, jsonName, number, type: Type.STRING, label: Label.OPTIONAL },
  });
  const file = create(FileDescriptorProtoSchema, {
    name: "swap.proto",
    syntax: "proto3",
    messageType: [{ name: "Swap", field: [field("a", "b", 1), field("b", "c", 2), field("c", "a", 3)] }],
  });
  const [Swap] = createFileRegistry(file, () => undefined);
  if (Swap?.kind !== "message") throw new Error("the file has no message");
  const message = create(Swap, { a: "1", b: "2", c: "3" });
  const json = encodeJson(Swap, message, { registry });
  expect(json).toEqual({ b: "1", c: "2", a: "3" });
  expect(decodeJson(Swap, json, { registry })).toEqual(message);
});

describe("a number that a closed enum does not have", () => {
  const json = { oneEnum: 99, manyEnum: [0, 99, "GREEN"], mapEnum: { a: 99, b: -1 } };

  test("is left out by a client", () => {
    expect(through(json)).toEqual({ manyEnum: ["RED", "GREEN"], mapEnum: { b: "GREEN" } });
  });

  test.each(Object.entries(json))("is rejected by a server: %s", (name, value) => {
    const read = () => decodeJson(Kinds, { [name]: value }, { registry, strict: true });
    expect(read).toThrow("expected enum kinds.Color, got 99");
  });
});

describe("a timestamp on a day that there is not", () => {
  test.each([
    "2026-02-30T00:00:00Z",
    "2025-02-29T12:00:00+01:00",
    "2026-04-31T00:00:00Z",
    "2026-01-01T24:00:00Z",
  ])("%s is rejected", (oneTimestamp) => {
    expect(() => through({ oneTimestamp })).toThrow(
      "cannot decode message google.protobuf.Timestamp from JSON",
    );
  });

  test.each([
    ["2024-02-29T23:59:59.5+23:59", "2024-02-29T00:00:59.500Z"],
    ["2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
  ])("%s is none", (oneTimestamp, written) => {
    expect(through({ oneTimestamp })).toEqual({ oneTimestamp: written });
  });
});

describe("a value that JSON does not have, or of another type, is rejected when written", () => {
  test.each<[string, Record<string, unknown>, string]>([
    ["no number", { oneInt32: Number.NaN }, "kinds.Kinds.one_int32 to JSON: expected int32, got NaN"],
    ["a fraction", { manySint32: [1.5] }, "kinds.Kinds.many_sint32 to JSON: expected sint32, got 1.5"],
    ["a number too large", { oneFixed32: 2 ** 32 }, "one_fixed32 to JSON: expected fixed32, got 4294967296"],
    ["a BigInt", { oneInt32: 5n }, "one_int32 to JSON: expected int32, got 5n"],
    [
      "no number for an enum",
      { oneEnum: Number.NaN },
      "one_enum to JSON: expected enum kinds.Color, got NaN",
    ],
    ["text for a list", { manyString: "abc" }, 'many_string to JSON: expected Array, got "abc"'],
    [
      "a list with a gap",
      { manyString: new Array(1) },
      "many_string to JSON: expected string, got undefined",
    ],
    [
      "a fraction of a nanosecond",
      { oneTimestamp: { seconds: 1n, nanos: 1.5 } },
      "google.protobuf.Timestamp",
    ],
    ["a fraction of a second", { oneTimestamp: { seconds: 1.5, nanos: 5 } }, "google.protobuf.Timestamp"],
    ["a duration of no number", { oneDuration: { seconds: Number.NaN } }, "google.protobuf.Duration"],
    ["a fraction of a duration", { oneDuration: { seconds: 1.5 } }, "google.protobuf.Duration"],
    ["a BigInt of nanoseconds", { oneDuration: { nanos: 5n } }, "google.protobuf.Duration"],
    [
      "a path in camel case",
      { oneFieldmask: { paths: ["a_b", "aB"] } },
      'path "aB" is not in lower_snake_case',
    ],
    ["text for paths", { oneFieldmask: { paths: "a_b" } }, "google.protobuf.FieldMask"],
    [
      "a BigInt in a Value",
      { oneValue: { kind: { case: "stringValue", value: 5n } } },
      "google.protobuf.Value",
    ],
    ["text for bytes", { oneAny: { typeUrl: "x/y", value: "AQI=" } }, 'value: expected bytes, got "AQI="'],
  ])("%s", (_, fields, problem) => {
    expect(() => write(fields)).toThrow(problem);
    expect(() => write(fields)).toThrow(/^cannot encode (field|message) /);
  });

  test("the limits of the types are none of them", () => {
    const limits = { oneInt32: -(2 ** 31), oneUint32: 2 ** 32 - 1, oneEnum: 2 ** 31 - 1 };
    expect(write(limits)).toEqual(limits);
    expect(write({ oneDuration: { seconds: -315_576_000_000n, nanos: -999_999_999 } })).toEqual({
      oneDuration: "-315576000000.999999999s",
    });
  });
});
