// SPDX-License-Identifier: Apache-2.0
import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { AnySchema, EmptySchema, FileDescriptorProtoSchema, StructSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { ListOperationsResponseSchema, OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { MAX_VALUES } from "../../src/budgets/budgets.js";
import { anyToJson, CallError, unpackAny } from "../../src/index.js";
import { BinaryLimitError, decodeBinary } from "../../src/json/binary-limit.js";

const repeated = (bytes: number[], count: number) =>
  new Uint8Array(Buffer.alloc(bytes.length * count, Buffer.from(bytes)));
const EMPTY_OPERATION = [0x0a, 0];
const UNKNOWN_VARINT = [0x78, 1];
/** A length in front of bytes, as a field of that number. */
const wrapped = (field: number, bytes: Uint8Array) => {
  const length: number[] = [];
  for (let left = bytes.length; ; left = Math.floor(left / 128)) {
    length.push((left % 128) + (left >= 128 ? 128 : 0));
    if (left < 128) break;
  }
  return new Uint8Array(Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), bytes]));
};

test.each<[string, Uint8Array]>([
  ["empty messages", repeated(EMPTY_OPERATION, MAX_VALUES + 1)],
  ["unknown fields", repeated(UNKNOWN_VARINT, MAX_VALUES + 1)],
  ["unknown fields of one message within", wrapped(1, repeated(UNKNOWN_VARINT, MAX_VALUES))],
  ["details of an error of an operation", wrapped(1, wrapped(4, repeated([0x1a, 0], MAX_VALUES)))],
])("%s beyond the limit are an error", (_what, bytes) => {
  expect(() => decodeBinary(ListOperationsResponseSchema, bytes)).toThrow(BinaryLimitError);
});

test.each<DescMessage>([EmptySchema, OperationSchema, StructSchema, FileDescriptorProtoSchema])(
  "no bytes are what protobuf-es reads of them: %s",
  (desc) => {
    const none = new Uint8Array();
    expect(decodeBinary(desc, none)).toStrictEqual(fromBinary(desc, none));
  },
);

test("the values of a map are counted, too", () => {
  const list = wrapped(6, wrapped(1, repeated([0x0a, 0], MAX_VALUES))); // Value.list_value, ListValue.values
  const struct = wrapped(1, new Uint8Array(Buffer.concat([Buffer.from([0x0a, 1, 0x61]), wrapped(2, list)])));
  expect(() => decodeBinary(StructSchema, struct)).toThrow(BinaryLimitError);
});

test.each<[string, Uint8Array, DescMessage?]>([
  ["as many as are allowed", repeated(EMPTY_OPERATION, MAX_VALUES)],
  [
    "a long text",
    toBinary(OperationSchema, create(OperationSchema, { name: "x".repeat(1_000_000) })),
    OperationSchema,
  ],
  ["bytes that are no message", repeated([0xff], 1_000_000)],
  ["messages within messages without end", repeated([0x0a], 1_000_000)],
])("%s pass", (_what, bytes, schema = ListOperationsResponseSchema) => {
  expect(() => decodeBinary(schema, bytes)).not.toThrow(BinaryLimitError);
});

test("an Any beyond the limit is neither unpacked nor written as JSON", () => {
  const value = repeated(UNKNOWN_VARINT, MAX_VALUES + 1);
  const any = create(AnySchema, { typeUrl: "type.googleapis.com/google.longrunning.Operation", value });
  expect(() => unpackAny(any, OperationSchema)).toThrow("has more than 250000 fields");
  expect(() => anyToJson(any)).toThrow("has more than 250000 fields");
  const within = create(StatusSchema, { details: [any] });
  const packed = create(AnySchema, {
    typeUrl: "type.googleapis.com/google.rpc.Status",
    value: toBinary(StatusSchema, within),
  });
  expect(() => anyToJson(packed)).toThrow("has more than 250000 fields");
});

test("a detail beyond the limit is shown as bytes", () => {
  const value = repeated(UNKNOWN_VARINT, MAX_VALUES + 1);
  const error = new CallError({
    code: Code.Aborted,
    message: "no",
    requestSent: true,
    details: [{ type: "google.longrunning.Operation", value }],
  });
  expect(error.toJSON()).toMatchObject({ details: [{ value: Buffer.from(value).toString("base64") }] });
});
