// SPDX-License-Identifier: Apache-2.0

import type { DescField, DescMessage, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { isMessage } from "@bufbuild/protobuf";
import { isJsonObject } from "./json-field.js";
import { floatFieldsOf, fractionFieldsOf } from "./json-plan.js";

/**
 * Rounds the `float` fields of a message that came as JSON to the numbers that they can hold, in place: so they equal
 * those that come in binary, 0.10000000149011612 for 0.1.
 */
export function roundFloats(desc: DescMessage, message: Message): void {
  const slots: Record<string, unknown> = message;
  for (const field of floatFieldsOf(desc)) {
    const { oneof, localName } = field;
    const holder = oneof === undefined ? slots : Object(slots[oneof.localName]);
    if (oneof !== undefined && holder.case !== localName) continue;
    const key = oneof === undefined ? localName : "value";
    const value: unknown = holder[key];
    if (typeof value === "number") holder[key] = Math.fround(value);
    else if (isMessage(value)) roundBelow(field, value);
    else if (typeof value === "object" && value !== null) roundItems(field, value);
  }
}

/** Rounds the elements of a list or the values of a map. */
function roundItems(field: DescField, items: object): void {
  const slots = items as Record<string, unknown>; // of a list, its indexes
  for (const key of Object.keys(slots)) {
    const item = slots[key];
    if (typeof item === "number") slots[key] = Math.fround(item);
    else if (isMessage(item)) roundBelow(field, item);
  }
}

function roundBelow({ message: desc }: DescField, message: Message): void {
  if (desc !== undefined) roundFloats(desc, message);
}

/**
 * Writes -0 in `float` and `double` fields as the text "-0", which ProtoJSON reads as well: `JSON.stringify` writes the
 * number as 0, and then the sign would be lost over REST alone. The JSON is changed in place.
 */
export function signZeros(desc: DescMessage, json: JsonValue): JsonValue {
  if (typeof json === "number") return Object.is(json, -0) ? "-0" : json; // a wrapper
  if (isJsonObject(json)) {
    for (const field of fractionFieldsOf(desc)) {
      const value = json[field.jsonName];
      if (value !== undefined) json[field.jsonName] = signed(field, value);
    }
  }
  return json;
}

function signed(field: DescField, json: JsonValue): JsonValue {
  const one = (value: JsonValue): JsonValue =>
    field.message === undefined ? (Object.is(value, -0) ? "-0" : value) : signZeros(field.message, value);
  if (Array.isArray(json)) return json.map(one);
  if (field.fieldKind !== "map" || !isJsonObject(json)) return one(json);
  const entries: JsonObject = json;
  for (const key of Object.keys(entries)) entries[key] = one(entries[key] ?? null);
  return entries;
}
