// SPDX-License-Identifier: Apache-2.0
// Messages as plain objects, in the form that protobufjs's `toObject` gives with proto names: 64-bit
// integers and bytes as text, enums as numbers, and a field that is not set is not there.
import { type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import { isReflectMessage, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { anyText } from "../any-text.js";

export interface Plain {
  [field: string]: unknown;
}

/** How deep messages within messages are made: HttpRule and others hold themselves. */
const MAX_DEPTH = 3;

/** Arbitrary messages of a schema, but for some fields, with every combination of fields that the wire can tell apart. */
export const arbitraryPlain = (
  schema: DescMessage,
  except: ReadonlySet<string> = new Set(),
  depth = 0,
): fc.Arbitrary<Plain> => {
  const free = schema.fields.filter(
    (field) => field.oneof === undefined && mayHave(field, depth) && !except.has(field.name),
  );
  const record = fc.record(
    Object.fromEntries(free.map((field) => [field.name, arbitraryValue(field, except, depth)])),
    { requiredKeys: [] },
  );
  const oneofs = schema.oneofs.map((oneof) =>
    fc.oneof(
      fc.constant({}),
      ...oneof.fields
        .filter((field) => mayHave(field, depth))
        .map((field) => arbitraryValue(field, except, depth).map((value) => ({ [field.name]: value }))),
    ),
  );
  return fc.tuple(record, ...oneofs).map((parts) => Object.assign({}, ...parts) as Plain);
};

const mayHave = (field: DescField, depth: number) => field.message === undefined || depth < MAX_DEPTH;

const arbitraryValue = (
  field: DescField,
  except: ReadonlySet<string>,
  depth: number,
): fc.Arbitrary<unknown> => {
  switch (field.fieldKind) {
    case "message":
      return arbitraryPlain(field.message, except, depth + 1);
    case "enum":
      return fc.constantFrom(...field.enum.values.map(({ number }) => number), 9_999).filter(isTold(field));
    case "scalar":
      return arbitraryScalar(field.scalar).filter(isTold(field));
    case "list":
      return fc.array(
        field.listKind === "message"
          ? arbitraryPlain(field.message, except, depth + 1)
          : field.listKind === "enum"
            ? fc.constantFrom(...field.enum.values.map(({ number }) => number))
            : arbitraryScalar(field.scalar),
        { minLength: 1, maxLength: 3 },
      );
    case "map":
      if (field.mapKind !== "scalar") throw new Error(`no arbitrary values for the map ${field.name}`);
      // protobufjs cannot hold the key __proto__.
      return fc.dictionary(
        text.filter((key) => key !== "__proto__"),
        arbitraryScalar(field.scalar),
        {
          minKeys: 1,
          maxKeys: 3,
        },
      );
  }
};

/** Whether a value is on the wire: without presence, the zero value is not. */
const isTold = (field: DescField) => (value: unknown) =>
  field.presence !== FeatureSet_FieldPresence.IMPLICIT ||
  !(value === "" || value === "0" || value === false || Object.is(value, 0));

const text = anyText({ maxLength: 12 });

const arbitraryScalar = (type: ScalarType): fc.Arbitrary<unknown> => {
  switch (type) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.INT32:
      return fc.integer();
    case ScalarType.INT64:
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
    case ScalarType.FLOAT:
      return fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case ScalarType.DOUBLE:
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 12 }).map(base64);
    default:
      throw new Error(`no arbitrary values for ${ScalarType[type]}`);
  }
};

/** What a message of ours holds, in the plain form. */
export const plainOf = (schema: DescMessage, message: Message): Plain =>
  plainOfReflect(reflect(schema, message));

const plainOfReflect = (message: ReflectMessage): Plain =>
  Object.fromEntries(
    message.fields
      .filter((field) => message.isSet(field))
      .map((field) => [field.name, plainValue(message, field)]),
  );

const plainValue = (message: ReflectMessage, field: DescField): unknown => {
  switch (field.fieldKind) {
    case "message":
      return plainOfReflect(message.get(field));
    case "list":
      return [...message.get(field)].map(plainItem);
    case "map":
      return Object.fromEntries([...message.get(field)].map(([key, value]) => [key, plainItem(value)]));
    default:
      return plainItem(message.get(field));
  }
};

const plainItem = (value: unknown): unknown => {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return base64(value);
  if (isReflectMessage(value)) return plainOfReflect(value);
  return value;
};

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
