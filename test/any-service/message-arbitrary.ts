// SPDX-License-Identifier: Apache-2.0
import {
  create,
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescOneof,
  fromJson,
  type JsonValue,
  type Message,
  type MessageShape,
  ScalarType,
  toBinary,
} from "@bufbuild/protobuf";
import {
  anyPack,
  DurationSchema,
  FieldMaskSchema,
  isWrapperDesc,
  ListValueSchema,
  NullValue,
  StringValueSchema,
  TimestampSchema,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { anyText } from "../any-text.js";
import { UNNAMED } from "./row.js";

/** Where the messages are to go, and so what may be in them. */
export interface MessageKind {
  /** No map, no repeated message, and no message in a message that is empty: a query cannot say them. */
  readonly forQuery: boolean;
}

/** How deep messages nest. */
const DEEPEST = 2;

const text = anyText({ maxLength: 6 });
const nanos = fc.nat(999_999_999);
const timestamp = fc
  .record({ seconds: fc.bigInt(-62_135_596_800n, 253_402_300_799n), nanos })
  .map((init) => create(TimestampSchema, init));
const duration = fc
  .tuple(fc.bigInt(0n, 315_575_999_999n), nanos, fc.boolean())
  .map(([seconds, part, isNegative]) =>
    create(DurationSchema, isNegative ? { seconds: -seconds, nanos: 0 - part } : { seconds, nanos: part }),
  );
const mask = fc
  .subarray(["title", "pen_name", "author.pen_name", "a.b_c"])
  .map((paths) => create(FieldMaskSchema, { paths }));

/** JSON that comes through `JSON.stringify` as it is: no -0, and no key that an object takes for its prototype. */
const json: fc.Arbitrary<JsonValue> = fc
  .jsonValue({ maxDepth: 2 })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll("__proto__", "proto")));

const wellKnown: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  "google.protobuf.Timestamp": timestamp,
  "google.protobuf.Duration": duration,
  "google.protobuf.FieldMask": mask,
  "google.protobuf.Any": fc.oneof(
    text.map((value) => anyPack(StringValueSchema, create(StringValueSchema, { value }))),
    duration.map((value) => anyPack(DurationSchema, value)),
  ),
  "google.protobuf.Value": json.map((value) => fromJson(ValueSchema, value)),
  "google.protobuf.ListValue": fc
    .array(json, { maxLength: 2 })
    .map((list) => fromJson(ListValueSchema, list)),
  // protobuf-es keeps a Struct as a plain object
  "google.protobuf.Struct": fc.dictionary(fc.string({ maxLength: 3 }), json).map(withoutProto),
};

/** Any message of a type, made from its descriptor: every field set or not, oneofs with one member or none. */
export function messagesOf<Desc extends DescMessage>(
  schema: Desc,
  kind: MessageKind,
): fc.Arbitrary<MessageShape<Desc>> {
  return messagesAt(schema, kind, 0);
}

function messagesAt<Desc extends DescMessage>(
  schema: Desc,
  kind: MessageKind,
  depth: number,
): fc.Arbitrary<MessageShape<Desc>> {
  const slots: Record<string, fc.Arbitrary<unknown>> = {};
  for (const member of schema.members) {
    const content = member.kind === "oneof" ? choices(member, kind, depth) : contents(member, kind, depth);
    if (content !== undefined) slots[member.localName] = content;
  }
  return fc.record(slots, { requiredKeys: [] }).map((content) => Object.assign(create(schema), content));
}

function choices({ fields }: DescOneof, kind: MessageKind, depth: number): fc.Arbitrary<unknown> {
  return fc.oneof(
    ...fields.flatMap((field) => {
      const value = contents(field, kind, depth);
      return value === undefined ? [] : [value.map((content) => ({ case: field.localName, value: content }))];
    }),
  );
}

/** What a field may hold; `undefined` when it is to be left alone. */
function contents(field: DescField, kind: MessageKind, depth: number): fc.Arbitrary<unknown> | undefined {
  switch (field.fieldKind) {
    case "scalar":
      return scalars(field.scalar, field.longAsString);
    case "enum":
      return enums(field.enum);
    case "message":
      return submessages(field.message, { kind, depth, isBare: field.oneof === undefined });
    case "list": {
      if (field.listKind === "message" && kind.forQuery && !isTextual(field.message)) return undefined;
      const element =
        field.listKind === "message"
          ? submessages(field.message, { kind, depth, isBare: false })
          : field.listKind === "enum"
            ? enums(field.enum)
            : scalars(field.scalar, field.longAsString);
      return element && fc.array(element, { maxLength: 2 });
    }
    case "map": {
      if (kind.forQuery) return undefined;
      const value =
        field.mapKind === "message"
          ? submessages(field.message, { kind, depth, isBare: false })
          : field.mapKind === "enum"
            ? enums(field.enum)
            : scalars(field.scalar, false);
      const key = scalars(field.mapKey, false).map(String);
      return value && fc.dictionary(key, value, { maxKeys: 2 }).map(withoutProto);
    }
  }
}

function submessages(
  message: DescMessage,
  { kind, depth, isBare }: { kind: MessageKind; depth: number; isBare: boolean },
): fc.Arbitrary<unknown> | undefined {
  if (isWrapperDesc(message)) {
    const value = scalars(message.fields[0].scalar, false);
    return isBare ? value : value.map((inner) => Object.assign(create(message), { value: inner }));
  }
  const known = wellKnown[message.typeName];
  if (known !== undefined) return kind.forQuery && !isTextual(message) ? undefined : known;
  if (depth === DEEPEST) return undefined;
  const nested: fc.Arbitrary<Message> = messagesAt(message, kind, depth + 1);
  return kind.forQuery ? nested.filter((inner) => toBinary(message, inner).length > 0) : nested;
}

/** Whether the JSON of a message is one string or number. */
function isTextual(message: DescMessage): boolean {
  return (
    isWrapperDesc(message) || /^google\.protobuf\.(Timestamp|Duration|FieldMask)$/.test(message.typeName)
  );
}

function enums({ values, open, typeName }: DescEnum): fc.Arbitrary<unknown> {
  if (typeName === "google.protobuf.NullValue") return fc.constant(NullValue.NULL_VALUE);
  return fc.constantFrom(...values.map(({ number }) => number), ...(open ? [UNNAMED] : []));
}

function scalars(scalar: ScalarType, longAsString: boolean): fc.Arbitrary<unknown> {
  const long = (smallest: bigint, largest: bigint) =>
    fc.bigInt(smallest, largest).map((value) => (longAsString ? String(value) : value));
  switch (scalar) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 5 });
    case ScalarType.FLOAT:
      return fc.float().map((value) => value + 0); // no -0, for JSON.stringify makes it 0
    case ScalarType.DOUBLE:
      return fc.double().map((value) => value + 0);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return fc.nat(2 ** 32 - 1);
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return long(0n, 2n ** 64n - 1n);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return long(-(2n ** 63n), 2n ** 63n - 1n);
  }
}

function withoutProto<T>(entries: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => key !== "__proto__"));
}
