// SPDX-License-Identifier: Apache-2.0
// Messages with a JSON of their own, but for google.protobuf.Any. A result of `undefined`: no such value.

import { create, type DescMessage, type JsonObject, type JsonValue, ScalarType } from "@bufbuild/protobuf";
import { protoCamelCase, protoSnakeCase } from "@bufbuild/protobuf/reflect";
import {
  type FieldMask,
  FieldMaskSchema,
  isWrapperDesc,
  type ListValue,
  ListValueSchema,
  type Struct,
  StructSchema,
  type Value,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";
import { type Context, enter, type WellKnown } from "./context.js";
import { describe, encodeError } from "./json-error.js";
import { isJsonObject, mapValues, oncePerType } from "./layout.js";
import { readScalar, type ScalarField, writeScalar } from "./scalars.js";
import { duration, timestamp } from "./time-json.js";

/** How a type with a JSON of its own is read and written; `undefined` for all others, and for Any. */
export const wellKnownOf: (desc: DescMessage) => WellKnown | undefined = oncePerType((desc) =>
  isWrapperDesc(desc) ? wrapper(desc.fields[0]) : WELL_KNOWN.get(desc.typeName),
);

const fieldMask: WellKnown<FieldMask> = {
  read(json) {
    if (typeof json !== "string" || json.includes("_")) return undefined;
    return { paths: json === "" ? [] : json.split(",").map(protoSnakeCase) };
  },
  write({ paths }) {
    if (!Array.isArray(paths)) return undefined;
    const names = paths.map(protoCamelCase);
    const wrong = names.findIndex((name, index) => protoSnakeCase(name) !== paths[index]);
    if (wrong < 0) return names.join();
    throw encodeError(FieldMaskSchema, `path ${describe(paths[wrong])} is not in lower_snake_case`);
  },
};

const struct: WellKnown<Struct> = {
  read: (json, context) =>
    isJsonObject(json) ? { fields: mapValues(json, (value) => readValue(value, context)) } : undefined,
  write: ({ fields }, context) => mapValues(fields, (value) => writeValue(value, context)),
};

const list: WellKnown<ListValue> = {
  read: (json, context) =>
    Array.isArray(json) ? { values: json.map((value) => readValue(value, context)) } : undefined,
  write: ({ values }, context) => values.map((value) => writeValue(value, context)),
};

const value: WellKnown<Value> = {
  read: (json, context) => ({ kind: kindOf(json, context) }),
  write: ({ kind }, context) => jsonOfKind(kind, context),
};

const WELL_KNOWN: ReadonlyMap<string, WellKnown> = new Map<string, WellKnown>([
  ["google.protobuf.Timestamp", timestamp],
  ["google.protobuf.Duration", duration],
  ["google.protobuf.FieldMask", fieldMask],
  ["google.protobuf.Struct", struct],
  ["google.protobuf.ListValue", list],
  ["google.protobuf.Value", value],
]);

/** The scalar in a wrapper's one field. */
function wrapper(field: ScalarField): WellKnown {
  return {
    read(json) {
      if (json === null) return {};
      const value = readScalar(field, json);
      return value === undefined ? undefined : { value };
    },
    write: (message) => writeScalar(field.scalar, Object(message).value),
  };
}

/** A Struct as protobuf-es keeps it in a field: JSON, of which this is a copy. */
export function copyStruct(json: unknown, context: Context): JsonObject | undefined {
  return isJsonObject(json)
    ? mapValues(json, (value) => writeValue(readValue(value, context), context))
    : undefined;
}

function readValue(json: JsonValue, context: Context): Value {
  enter(context, ValueSchema.typeName);
  const value = Object.assign(create(ValueSchema), { kind: kindOf(json, context) });
  context.depth -= 1;
  return value;
}

function kindOf(json: JsonValue, context: Context): Value["kind"] {
  if (typeof json === "string") return { case: "stringValue", value: json };
  if (typeof json === "number") return { case: "numberValue", value: json };
  if (typeof json === "boolean") return { case: "boolValue", value: json };
  const listed = list.read(json, context);
  if (listed !== undefined)
    return { case: "listValue", value: Object.assign(create(ListValueSchema), listed) };
  const fields = struct.read(json, context);
  if (fields !== undefined)
    return { case: "structValue", value: Object.assign(create(StructSchema), fields) };
  return json === null ? { case: "nullValue", value: 0 } : { case: undefined };
}

function writeValue({ kind }: Value, context: Context): JsonValue {
  enter(context, ValueSchema.typeName);
  const json = jsonOfKind(kind, context);
  if (json === undefined) throw encodeError(ValueSchema, "it has no value, or one that is not finite");
  context.depth -= 1;
  return json;
}

function jsonOfKind(kind: Value["kind"], context: Context): JsonValue | undefined {
  switch (kind.case) {
    case "nullValue":
      return null;
    case "numberValue":
      return Number.isFinite(kind.value) ? kind.value : undefined;
    case "listValue":
      return list.write(kind.value, context);
    case "structValue":
      return struct.write(kind.value, context);
    case "stringValue":
      return writeScalar(ScalarType.STRING, kind.value);
    case "boolValue":
      return writeScalar(ScalarType.BOOL, kind.value);
    default:
      return undefined;
  }
}
