// SPDX-License-Identifier: Apache-2.0

import { create, createRegistry, type JsonObject, toBinary } from "@bufbuild/protobuf";
import {
  type Any,
  AnySchema,
  anyPack,
  DurationSchema,
  EmptySchema,
  FieldMaskSchema,
  TimestampSchema,
} from "@bufbuild/protobuf/wkt";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { anyToJson, unpackAny } from "../../src/index.js";
import { decodeJson } from "../../src/json/decode-json.js";

const nothingKnown = createRegistry();
const info = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R", domain: "d", newField: 1 };

function received(json: JsonObject): Any {
  return decodeJson(AnySchema, json, { registry: nothingKnown });
}

describe("unpackAny", () => {
  test("reads the same from bytes and from JSON", () => {
    const message = create(ErrorInfoSchema, { reason: "R", domain: "d" });
    expect(unpackAny(anyPack(ErrorInfoSchema, message), ErrorInfoSchema)).toEqual(message);
    expect(unpackAny(received(info), ErrorInfoSchema)).toEqual(message);
  });

  test("reads JSON of types with a form of their own", () => {
    const json = { "@type": "type.googleapis.com/google.protobuf.Duration", value: "1.5s" };
    expect(unpackAny(received(json), DurationSchema)).toMatchObject({ seconds: 1n, nanos: 500_000_000 });
    expect(
      unpackAny(received({ "@type": "type.googleapis.com/google.protobuf.Empty" }), EmptySchema),
    ).toEqual(create(EmptySchema));
  });

  test("reads types that are known by the schema's own file, however deep", () => {
    const status = { "@type": "type.googleapis.com/google.rpc.Status", code: 5, details: [info] };
    const unpacked = unpackAny(received(status), StatusSchema);
    expect(unpacked?.details.map((detail) => unpackAny(detail, ErrorInfoSchema)?.reason)).toEqual(["R"]);
  });

  test.each<[string, Any | undefined]>([
    ["of another type", anyPack(TimestampSchema, create(TimestampSchema))],
    ["of another type, as JSON", received({ "@type": "type.googleapis.com/x.y.Z" })],
    [
      "whose URL merely ends alike",
      create(AnySchema, { typeUrl: "type.googleapis.com/my.google.rpc.ErrorInfo" }),
    ],
    ["that is empty", create(AnySchema)],
    ["with half a type URL", create(AnySchema, { typeUrl: "host/" })],
    ["that is not there", undefined],
  ])("gives undefined for an Any %s", (_, any) => {
    expect(unpackAny(any, ErrorInfoSchema)).toBeUndefined();
  });

  test("gives the empty message for no bytes, which is how one is serialized", () => {
    const any = create(AnySchema, { typeUrl: "type.googleapis.com/google.rpc.ErrorInfo" });
    expect(unpackAny(any, ErrorInfoSchema)).toEqual(create(ErrorInfoSchema));
  });

  test.each<[string, Uint8Array]>([
    ["cut off", toBinary(ErrorInfoSchema, create(ErrorInfoSchema, { reason: "R" })).subarray(0, 2)],
    ["that are JSON cut off", received(info).value.subarray(0, 9)],
    ["that are JSON of another shape", received({ ...info, reason: 1 }).value],
  ])("throws for bytes %s, naming the type", (_, value) => {
    const any = create(AnySchema, { typeUrl: info["@type"], value });
    expect(() => unpackAny(any, ErrorInfoSchema)).toThrow(/holds no readable google\.rpc\.ErrorInfo/);
  });
});

describe("anyToJson", () => {
  test("gives back the JSON that arrived, field for field, as a copy", () => {
    const any = received(info);
    expect(anyToJson(any)).toEqual(info);
    expect(anyToJson(any)).not.toBe(anyToJson(any));
  });

  test("writes a message of a type that every call knows", () => {
    const any = anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason: "R" }));
    expect(anyToJson(any)).toEqual({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R" });
    const mask = anyPack(FieldMaskSchema, create(FieldMaskSchema, { paths: ["a_b"] }));
    expect(anyToJson(mask)).toEqual({
      "@type": "type.googleapis.com/google.protobuf.FieldMask",
      value: "aB",
    });
    expect(anyToJson(create(AnySchema))).toEqual({});
  });

  test("names the type that it does not know, and takes a registry for it", () => {
    const any = anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason: "R" }));
    expect(() => anyToJson(any, nothingKnown)).toThrow("google.rpc.ErrorInfo");
    expect(anyToJson(any, createRegistry(ErrorInfoSchema))).toMatchObject({ reason: "R" });
  });
});

test.each<[kind: string, any: unknown]>([
  ["the JSON of one", { "@type": "type.googleapis.com/google.protobuf.Empty" }],
  ["null", null],
  ["text", "x"],
  ["a handle", { name: "operations/1" }],
])("%s is no Any, which a TypeError says", (_, any) => {
  const loose = any as Any; // what a program without types may pass
  const problem = /^(unpackAny|anyToJson): any: not a google\.protobuf\.Any \(expected one such as/;
  expect(() => unpackAny(loose, EmptySchema)).toThrow(problem);
  expect(() => anyToJson(loose)).toThrow(problem);
  expect(() => unpackAny(loose, undefined as never)).toThrow(
    "unpackAny: schema: not the schema of a message",
  );
});
