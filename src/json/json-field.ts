// SPDX-License-Identifier: Apache-2.0

import type { JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { isMessage, ScalarType } from "@bufbuild/protobuf";
import type { MessageField } from "./json-plan.js";

/**
 * A field's JSON in two parts: the same without its messages, and the messages.
 */
export interface FieldParts {
  readonly empty: JsonValue;
  readonly content: unknown;
}

/**
 * Reads the messages of a field, one by one, through `read`. `undefined` when the JSON is not of the field's
 * kind, an array for a map say: then the caller leaves it to protobuf-es, which says so.
 */
export function readField(
  field: MessageField,
  json: JsonValue,
  read: (json: JsonValue) => Message,
): FieldParts | undefined {
  switch (field.fieldKind) {
    case "list":
      return Array.isArray(json) ? { empty: [], content: json.map(read) } : undefined;
    case "map": {
      if (!isJsonObject(json)) {
        return undefined;
      }
      const entries = Object.entries(json);
      return {
        empty: Object.fromEntries(entries.map(([key]) => [key, {}])),
        content: Object.fromEntries(
          entries.map(([key, value]) => [localKey(field.mapKey, key), read(value)]),
        ),
      };
    }
    default:
      return isJsonObject(json) ? { empty: {}, content: read(json) } : undefined;
  }
}

/** Puts what {@link readField} read into a message. */
export function setField(message: Message, field: MessageField, content: unknown): void {
  const slots: Record<string, unknown> = message;
  if (field.oneof === undefined) {
    slots[field.localName] = content;
  } else {
    slots[field.oneof.localName] = { case: field.localName, value: content };
  }
}

/**
 * Writes the messages of a field through `write`, and takes them out of the given message, which must be a
 * copy. `undefined` for a field that is not set, or empty.
 */
export function writeField(
  copy: Message,
  field: MessageField,
  write: (message: Message) => JsonValue,
): JsonValue | undefined {
  const content = takeField(copy, field);
  switch (field.fieldKind) {
    case "list":
      return Array.isArray(content) && content.length > 0
        ? content.map((item) => write(messageIn(field, item)))
        : undefined;
    case "map": {
      const entries = Object.entries(Object(content));
      return entries.length > 0
        ? Object.fromEntries(entries.map(([key, value]) => [key, write(messageIn(field, value))]))
        : undefined;
    }
    default:
      return content === undefined ? undefined : write(messageIn(field, content));
  }
}

function takeField(copy: Message, field: MessageField): unknown {
  const slots: Record<string, unknown> = copy;
  if (field.oneof !== undefined) {
    const chosen = slots[field.oneof.localName];
    if (!isRecord(chosen) || chosen.case !== field.localName) {
      return undefined;
    }
    slots[field.oneof.localName] = { case: undefined };
    return chosen.value;
  }
  const content = slots[field.localName];
  slots[field.localName] = field.fieldKind === "list" ? [] : field.fieldKind === "map" ? {} : undefined;
  return content;
}

function messageIn(field: MessageField, content: unknown): Message {
  if (!isMessage(content)) {
    throw new Error(`${field} holds no message but ${content === null ? "null" : typeof content}`);
  }
  return content;
}

/**
 * A map key as protobuf-es keeps it: integers lose leading zeros. A key that is no integer is left for it to
 * reject.
 */
function localKey(type: ScalarType, key: string): string {
  if (type === ScalarType.STRING || type === ScalarType.BOOL || !/^-?\d+$/.test(key)) {
    return key;
  }
  return BigInt(key).toString();
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

export function isJsonObject(json: unknown): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
