// SPDX-License-Identifier: Apache-2.0

import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { hasCustomJsonRepresentation, isWrapperDesc } from "@bufbuild/protobuf/wkt";

/** A field with messages in it: one, a list or a map of them. */
export type MessageField = DescField & { readonly message: DescMessage };

/** What is to be done around protobuf-es when a message of one type is read from JSON. */
export interface DecodePlan {
  /** Fields below which there is something to do, by both of their JSON keys. */
  readonly fields: ReadonlyMap<string, MessageField>;
  /**
   * JSON keys of oneof members for which `null` says "not this one", where protobuf-es takes it as setting
   * the member (docs/upstream.md).
   */
  readonly nullable: ReadonlySet<string>;
}

export function isAny(desc: DescMessage): boolean {
  return desc.typeName === "google.protobuf.Any";
}

/**
 * The plan for reading a type from JSON, or `undefined` when protobuf-es can do it alone: where no Any can be
 * reached, nor a oneof with a member that is a message or an enum. (To protobuf-es,
 * `{"error":null,"response":{…}}` is "oneof set multiple times".) Worked out once for each type.
 */
export const decodePlanOf: (desc: DescMessage) => DecodePlan | undefined = oncePerType((desc) => {
  const concerns = (type: DescMessage) => isAny(type) || nullableKeys(type).size > 0;
  if (!reaches(desc, concerns)) {
    return undefined;
  }
  const fields = messageFields(desc).filter((field) => reaches(field.message, concerns));
  return {
    fields: new Map(
      fields.flatMap((field) => [[field.name, field] as const, [field.jsonName, field] as const]),
    ),
    nullable: nullableKeys(desc),
  };
});

/**
 * The fields of a type below which an Any can be reached, or `undefined` when there is none and protobuf-es
 * can write the type as JSON alone. An Any itself has none, and is one. Worked out once for each type.
 */
export const anyFieldsOf: (desc: DescMessage) => readonly MessageField[] | undefined = oncePerType((desc) =>
  reaches(desc, isAny) ? messageFields(desc).filter((field) => reaches(field.message, isAny)) : undefined,
);

/** The function with its result for each type kept. */
export function oncePerType<T>(work: (desc: DescMessage) => T): (desc: DescMessage) => T {
  const known = new WeakMap<DescMessage, { readonly result: T }>();
  return (desc) => {
    let entry = known.get(desc);
    if (entry === undefined) {
      entry = { result: work(desc) };
      known.set(desc, entry);
    }
    return entry.result;
  };
}

/** Level by level over the types below, since types may contain themselves. */
function reaches(desc: DescMessage, concerns: (type: DescMessage) => boolean): boolean {
  const seen = new Set([desc]);
  for (const type of seen) {
    if (concerns(type)) {
      return true;
    }
    for (const field of messageFields(type)) {
      seen.add(field.message);
    }
  }
  return false;
}

/**
 * None for Struct, Value and others with a JSON form of their own: no Any is in them, and their oneofs are
 * not JSON keys.
 */
function messageFields(desc: DescMessage): MessageField[] {
  return hasCustomJsonRepresentation(desc) ? [] : desc.fields.filter(hasMessage);
}

function hasMessage(field: DescField): field is MessageField {
  return field.message !== undefined;
}

/** Types for which ProtoJSON has `null` as a value like any other. */
const nullIsAValue: ReadonlySet<string> = new Set(["google.protobuf.Value", "google.protobuf.NullValue"]);

function nullableKeys(desc: DescMessage): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const field of hasCustomJsonRepresentation(desc) ? [] : desc.fields) {
    const type = field.message?.typeName ?? field.enum?.typeName;
    if (field.oneof !== undefined && type !== undefined && !nullIsAValue.has(type)) {
      keys.add(field.name).add(field.jsonName);
    }
  }
  return keys;
}

type FieldsOf = (desc: DescMessage) => readonly DescField[];

/** The fields of a type that hold a number of one of these types, or a message in or below which there is one. */
function numberFields(types: readonly ScalarType[]): FieldsOf {
  const isNumber = (field: DescField) => field.scalar !== undefined && types.includes(field.scalar);
  const holds = (type: DescMessage) =>
    (!hasCustomJsonRepresentation(type) || isWrapperDesc(type)) && type.fields.some(isNumber);
  return oncePerType((desc) =>
    hasCustomJsonRepresentation(desc) && !isWrapperDesc(desc)
      ? []
      : desc.fields.filter(
          (field) => isNumber(field) || (field.message !== undefined && reaches(field.message, holds)),
        ),
  );
}

/** Fields in or below which there is a `float`. Worked out once for each type. */
export const floatFieldsOf: FieldsOf = numberFields([ScalarType.FLOAT]);

/** Fields in or below which there is a `float` or a `double`. Worked out once for each type. */
export const fractionFieldsOf: FieldsOf = numberFields([ScalarType.FLOAT, ScalarType.DOUBLE]);
