// SPDX-License-Identifier: Apache-2.0
// Messages with a JSON of their own, but for google.protobuf.Any. A result of `undefined`: no such value.

import {
  create,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type Message,
  protoInt64,
} from "@bufbuild/protobuf";
import { protoCamelCase, protoSnakeCase } from "@bufbuild/protobuf/reflect";
import {
  type Duration,
  type FieldMask,
  isWrapperDesc,
  type ListValue,
  ListValueSchema,
  type Struct,
  StructSchema,
  type Timestamp,
  type Value,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";
import { type Context, enter } from "./context.js";
import { encodeError } from "./json-error.js";
import { isJsonObject, mapValues, oncePerType } from "./layout.js";
import { readScalar, type ScalarField, writeScalar } from "./scalars.js";

/** The JSON of a type, both ways. */
export interface WellKnown<T = Message> {
  /** The properties that the JSON stands for. */
  read(json: JsonValue, context: Context): Omit<T, keyof Message> | undefined;
  write(message: T, context: Context): JsonValue | undefined;
}

/** How a type with a JSON of its own is read and written; `undefined` for all others, and for Any. */
export const wellKnownOf: (desc: DescMessage) => WellKnown | undefined = oncePerType((desc) =>
  isWrapperDesc(desc) ? wrapper(desc.fields[0]) : WELL_KNOWN.get(desc.typeName),
);

const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
const DURATION = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/;
const MAX_DURATION_SECONDS = 315_576_000_000; // about ten thousand years
const MAX_NANOS = 999_999_999;

const timestamp: WellKnown<Timestamp> = {
  read(json) {
    const [, time = "", fraction = "", zone] = TIMESTAMP.exec(textOf(json)) ?? [];
    const seconds = Date.parse(`${time}${zone}`) / 1000;
    return isTimestamp(seconds)
      ? { seconds: protoInt64.parse(seconds), nanos: nanosOf(fraction) }
      : undefined;
  },
  write({ seconds, nanos }) {
    if (!isTimestamp(Number(seconds)) || nanos < 0 || nanos > MAX_NANOS) return undefined;
    return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", `${fractionOf(nanos)}Z`);
  },
};

/** From the year 1 to the year 9999. */
function isTimestamp(seconds: number): boolean {
  return seconds >= -62_135_596_800 && seconds <= 253_402_300_799;
}

const duration: WellKnown<Duration> = {
  read(json) {
    const [, minus, whole, fraction = ""] = DURATION.exec(textOf(json)) ?? [];
    const sign = minus === "-" ? -1 : 1;
    if (!(Number(whole) <= MAX_DURATION_SECONDS)) return undefined;
    return { seconds: protoInt64.parse(sign * Number(whole)), nanos: sign * nanosOf(fraction) + 0 };
  },
  write({ seconds, nanos }) {
    const whole = Number(seconds);
    if (Math.abs(whole) > MAX_DURATION_SECONDS || Math.abs(nanos) > MAX_NANOS || whole * nanos < 0)
      return undefined;
    return `${whole < 0 || nanos < 0 ? "-" : ""}${Math.abs(whole)}${fractionOf(Math.abs(nanos))}s`;
  },
};

const fieldMask: WellKnown<FieldMask> = {
  read(json) {
    if (typeof json !== "string" || json.includes("_")) return undefined;
    return { paths: json === "" ? [] : json.split(",").map(protoSnakeCase) };
  },
  write({ paths }) {
    const names = paths.map(protoCamelCase);
    return names.every((name, index) => protoSnakeCase(name) === paths[index]) ? names.join() : undefined;
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
    default:
      return kind.value;
  }
}

function textOf(json: JsonValue): string {
  return typeof json === "string" ? json : "";
}

function nanosOf(fraction: string): number {
  return Number(fraction.padEnd(9, "0"));
}

/** Nanoseconds as a fraction of three, six or nine digits, or of none. */
function fractionOf(nanos: number): string {
  return nanos === 0
    ? ""
    : `.${String(nanos)
        .padStart(9, "0")
        .replace(/(000){1,2}$/, "")}`;
}
