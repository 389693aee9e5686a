// SPDX-License-Identifier: Apache-2.0
import { create, createRegistry, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { type Any, AnySchema, StructSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import { OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { sameOperation } from "../../src/client/same-operation.js";

type Init = MessageInitShape<typeof OperationSchema>;

/** A Struct whose bytes have its fields in the order given. */
function struct(...entries: [key: string, value: number][]): Any {
  const writer = new BinaryWriter();
  for (const [key, numberValue] of entries) {
    const value = create(ValueSchema, { kind: { case: "numberValue", value: numberValue } });
    writer.tag(1, 2).fork().tag(1, 2).string(key).tag(2, 2).bytes(toBinary(ValueSchema, value)).join();
  }
  return create(AnySchema, { typeUrl: "type.googleapis.com/google.protobuf.Struct", value: writer.finish() });
}

const any = (typeName: string, ...value: number[]): Any =>
  create(AnySchema, { typeUrl: `type.googleapis.com/${typeName}`, value: Uint8Array.from(value) });

const response = (value: Any) => ({ case: "response" as const, value });
const error = (code: number, message: string, ...details: Any[]) => ({
  case: "error" as const,
  value: { code, message, details },
});

const name = "operations/1";

test.each<[string, boolean, Init, Init]>([
  ["no more than a name", true, { name }, { name }],
  ["the end", false, { name }, { name, done: true }],
  ["metadata or none", false, { name, metadata: any("a.B") }, { name }],
  ["metadata, the same", true, { name, metadata: any("a.B", 1, 2) }, { name, metadata: any("a.B", 1, 2) }],
  [
    "metadata, another byte",
    false,
    { name, metadata: any("a.B", 1, 2) },
    { name, metadata: any("a.B", 1, 3) },
  ],
  ["metadata, one byte more", false, { name, metadata: any("a.B", 1) }, { name, metadata: any("a.B", 1, 2) }],
  ["metadata, another type", false, { name, metadata: any("a.B", 1) }, { name, metadata: any("a.C", 1) }],
  [
    "a map in another order",
    true,
    { name, metadata: struct(["a", 1], ["b", 2]) },
    { name, metadata: struct(["b", 2], ["a", 1]) },
  ],
  [
    "a map with another value",
    false,
    { name, metadata: struct(["a", 1], ["b", 2]) },
    { name, metadata: struct(["b", 2], ["a", 3]) },
  ],
  [
    "a map with a key more",
    false,
    { name, metadata: struct(["a", 1]) },
    { name, metadata: struct(["a", 1], ["b", 2]) },
  ],
  ["a response or an error", false, { result: response(any("a.B")) }, { result: error(5, "") }],
  ["an error or a response", false, { result: error(5, "") }, { result: response(any("a.B")) }],
  ["a response or none", false, { result: response(any("a.B")) }, {}],
  [
    "responses, a map in another order",
    true,
    { result: response(struct(["a", 1], ["b", 2])) },
    { result: response(struct(["b", 2], ["a", 1])) },
  ],
  [
    "the same error",
    true,
    { result: error(5, "m", any("a.B", 1)) },
    { result: error(5, "m", any("a.B", 1)) },
  ],
  ["another code", false, { result: error(5, "m") }, { result: error(6, "m") }],
  ["another message", false, { result: error(5, "m") }, { result: error(5, "n") }],
  ["a detail more", false, { result: error(5, "m") }, { result: error(5, "m", any("a.B")) }],
  [
    "another detail",
    false,
    { result: error(5, "m", any("a.B", 1)) },
    { result: error(5, "m", any("a.B", 2)) },
  ],
])("%s: %p", (_what, want, a, b) => {
  for (const registry of [undefined, createRegistry(StructSchema)]) {
    expect(sameOperation(create(OperationSchema, a), create(OperationSchema, b), registry)).toBe(want);
    expect(sameOperation(create(OperationSchema, b), create(OperationSchema, a), registry)).toBe(want);
  }
});

test("bytes that a known type cannot read are compared as they are", () => {
  const broken = (...value: number[]) =>
    create(OperationSchema, { metadata: any("google.protobuf.Struct", ...value) });
  expect(sameOperation(broken(255), broken(255), undefined)).toBe(true);
  expect(sameOperation(broken(255), broken(254), undefined)).toBe(false);
});
