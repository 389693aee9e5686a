// SPDX-License-Identifier: Apache-2.0
// What a descriptor says in an option. `getOption` of protobuf-es does the same by reflection, which a bundle would carry for it
// alone: an option is an unknown field of the descriptor's own options, whose bytes its type reads.
import {
  create,
  type DescField,
  type DescMessage,
  type DescMethod,
  type MessageShape,
  mergeFromBinary,
} from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** A message, such as `google.api.http` of a method, by its number; `undefined` where the option is not set. */
export function messageOption<T extends DescMessage>(
  method: DescMethod,
  number: number,
  schema: T,
): MessageShape<T> | undefined {
  const values = unknownFields(method, number);
  if (values.length === 0) return undefined;
  const message = create(schema);
  for (const { data } of values) mergeFromBinary(schema, message, new BinaryReader(data).bytes());
  return message;
}

/** The numbers of a repeated enum, such as `google.api.field_behavior` of a field, packed or not; empty where it is not set. */
export function numbersOption(field: DescField, number: number): number[] {
  return unknownFields(field, number).flatMap(({ data, wireType }) => {
    const reader = new BinaryReader(
      wireType === WireType.LengthDelimited ? new BinaryReader(data).bytes() : data,
    );
    const numbers: number[] = [];
    while (reader.pos < reader.len) numbers.push(reader.int32());
    return numbers;
  });
}

function unknownFields({ proto }: DescMethod | DescField, number: number) {
  return proto.options?.$unknown?.filter(({ no }) => no === number) ?? [];
}
