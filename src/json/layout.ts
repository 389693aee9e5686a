// SPDX-License-Identifier: Apache-2.0
// Where protobuf-es keeps what: messages are plain objects, laid out by their descriptors.

import type { DescExtension, DescField, DescMessage, JsonObject, Message } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";

/** A message, by the local names of its fields and oneofs. */
export type Slots = Message & Record<string, unknown>;

/** A field, in a message or beside it. */
export type Field = DescField | DescExtension;

/** Whether the field holds the wrapper's value in place of the message: one wrapper, outside of a oneof. */
export function isBareWrapper(field: Field): boolean {
  return field.fieldKind === "message" && field.oneof === undefined && isWrapperDesc(field.message);
}

/** Whether the field holds google.protobuf.Struct as JSON: everywhere but in google.protobuf.Value. */
export function isPlainStruct(field: Field): boolean {
  const parent = field.kind === "field" ? field.parent : field.extendee;
  return field.message?.typeName === "google.protobuf.Struct" && parent.typeName !== "google.protobuf.Value";
}

/** Whether `null` is a value of the field's type, and does not mean that there is none. */
export function hasNullValue({ message, enum: values }: Field): boolean {
  return message?.typeName === "google.protobuf.Value" || values?.typeName === "google.protobuf.NullValue";
}

export function isJsonObject(json: unknown): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** Sets a property, `__proto__` like any other. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The object with each value replaced. */
export function mapValues<V, T>(
  entries: Readonly<Record<string, V>>,
  work: (value: V) => T,
): Record<string, T> {
  const result: Record<string, T> = {};
  for (const [key, value] of Object.entries(entries)) setOwn(result, key, work(value));
  return result;
}

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
