// SPDX-License-Identifier: Apache-2.0
import {
  create,
  type DescField,
  type DescMethod,
  getOption,
  hasOption,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { file_google_ads_admanager_v1_report_service } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { http } from "../../gen/google/api/annotations_pb.js";
import { field_behavior } from "../../gen/google/api/field_behavior_pb.js";
import { HttpRuleSchema } from "../../gen/google/api/http_pb.js";
import { file_google_longrunning_operations } from "../../gen/google/longrunning/operations_pb.js";
import { messageOption, numbersOption } from "../../src/names/descriptor-option.js";

const files = [file_google_longrunning_operations, file_google_ads_admanager_v1_report_service];
const methods = files.flatMap((file) => file.services.flatMap((service) => service.methods));
const fields = files.flatMap((file) => file.messages.flatMap((message) => message.fields));

test("gives what protobuf-es gives, for the stubs of this package", () => {
  for (const method of methods) {
    const want = hasOption(method, http) ? getOption(method, http) : undefined;
    expect(messageOption(method, http.number, HttpRuleSchema)).toEqual(want);
  }
  for (const field of fields) {
    expect(numbersOption(field, field_behavior.number)).toEqual(getOption(field, field_behavior));
  }
  expect(fields.some((field) => numbersOption(field, field_behavior.number).length > 0)).toBe(true);
});

const bytes = (value: Uint8Array) => new BinaryWriter().bytes(value).finish();
const varint = (value: number) => new BinaryWriter().int32(value).finish();

/** A descriptor with these unknown fields in its options; no more of it is read. */
function withOptions<D extends DescMethod | DescField>(...$unknown: object[]): D {
  return { proto: { options: { $unknown } } } as unknown as D;
}

test("an option in several pieces is one message", () => {
  const piece = (init: MessageInitShape<typeof HttpRuleSchema>) => ({
    no: 7,
    wireType: WireType.LengthDelimited,
    data: bytes(toBinary(HttpRuleSchema, create(HttpRuleSchema, init))),
  });
  const method = withOptions<DescMethod>(
    piece({ pattern: { case: "get", value: "/a" } }),
    { no: 8, wireType: WireType.Varint, data: varint(1) },
    piece({ body: "*", pattern: { case: "post", value: "/b" } }),
  );
  expect(messageOption(method, 7, HttpRuleSchema)).toMatchObject({
    body: "*",
    pattern: { case: "post", value: "/b" },
  });
  expect(messageOption(method, 9, HttpRuleSchema)).toBeUndefined();
});

test("numbers are read packed, one by one, and mixed", () => {
  const packed = { no: 7, wireType: WireType.LengthDelimited, data: bytes(Uint8Array.of(2, 3)) };
  const single = { no: 7, wireType: WireType.Varint, data: varint(5) };
  expect(numbersOption(withOptions(packed, single), 7)).toEqual([2, 3, 5]);
  expect(numbersOption(withOptions({ ...packed, data: bytes(new Uint8Array()) }), 7)).toEqual([]);
  expect(numbersOption(withOptions(), 7)).toEqual([]);
});
