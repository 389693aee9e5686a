// SPDX-License-Identifier: Apache-2.0
import { create, type DescField, type Message } from "@bufbuild/protobuf";
import type { FieldPath } from "./field-path.js";

/**
 * Reads one field of a message. `undefined` when a field with explicit presence is unset; a field without (a proto3
 * scalar) always has a value. Messages are plain objects laid out by their descriptor, so that this reads properties:
 * protobuf-es' reflection does the same with several times the work.
 */
export type FieldReader = (message: Message) => unknown;

/** `google.protobuf.FeatureSet.FieldPresence.IMPLICIT` */
export const IMPLICIT = 2;

/** A message's properties, by the local names of its fields and oneofs. */
type Properties = Record<string, unknown>;

/** The reader for one field, or for one below message fields: unset when any of them is. */
export function createReader([first, ...below]: FieldPath): FieldReader {
  const read = readerOf(first);
  const [next, ...rest] = below;
  if (next === undefined) {
    return read;
  }
  const readBelow = createReader([next, ...rest]);
  return (message) => {
    const child = read(message);
    return child === undefined ? undefined : readBelow(child as Message); // A path leads through message fields only.
  };
}

function readerOf({ localName, oneof, presence }: DescField): FieldReader {
  if (oneof !== undefined) {
    return (message: Properties) => {
      // protobuf-es keeps a oneof as one property with the member that is set.
      const member = message[oneof.localName] as { case?: string; value?: unknown } | undefined;
      return member?.case === localName ? member.value : undefined;
    };
  }
  if (presence === IMPLICIT) {
    return (message: Properties) => message[localName];
  }
  // Defaults of proto2 stand on the prototype: only an own property is a set field.
  return (message: Properties) => (Object.hasOwn(message, localName) ? message[localName] : undefined);
}

/** Sets a field; the other members of its oneof go. */
export function writeField(message: Message, { localName, oneof }: DescField, value: unknown): void {
  const properties: Properties = message;
  if (oneof === undefined) properties[localName] = value;
  else properties[oneof.localName] = { case: localName, value };
}

/** Adds an element to a repeated field. */
export function appendToField(message: Message, { localName }: DescField, value: unknown): void {
  const properties: Properties = message;
  (properties[localName] as unknown[]).push(value); // create() gives every repeated field its array.
}

/** The message that holds the last field of a path; messages on the way are made as needed. */
export function holderOf(message: Message, path: FieldPath): Message {
  let holder = message;
  for (const field of path.slice(0, -1)) {
    let child = readerOf(field)(holder) as Message | undefined; // A path leads through message fields only.
    if (child === undefined && field.fieldKind === "message") {
      child = create(field.message);
      writeField(holder, field, child);
    }
    holder = child ?? holder;
  }
  return holder;
}
