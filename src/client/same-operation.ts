// SPDX-License-Identifier: Apache-2.0
import type { JsonValue, Registry } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { Operation } from "../../gen/google/longrunning/operations_pb.js";
import { anyToJson } from "../json/any.js";

/**
 * Whether two polls saw the same. The entries of a map have no order in bytes, so that equal messages may be packed
 * differently: what is of a known type is compared unpacked, as JSON.
 */
export function sameOperation(a: Operation, b: Operation, registry: Registry | undefined): boolean {
  const sameAny = (one: Any | undefined, other: Any | undefined) => isSameAny(one, other, registry);
  if (a.name !== b.name || a.done !== b.done || !sameAny(a.metadata, b.metadata)) return false;
  const [one, other] = [a.result, b.result];
  if (one.case === "response") return other.case === one.case && sameAny(one.value, other.value);
  if (one.case !== "error" || other.case !== "error") return one.case === other.case;
  const { code, message, details } = one.value;
  return (
    code === other.value.code &&
    message === other.value.message &&
    details.length === other.value.details.length &&
    details.every((detail, at) => sameAny(detail, other.value.details[at]))
  );
}

function isSameAny(a: Any | undefined, b: Any | undefined, registry: Registry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.typeUrl !== b.typeUrl) return false;
  const { value } = b;
  if (a.value.length === value.length && a.value.every((byte, at) => byte === value[at])) return true;
  try {
    return isSameJson(anyToJson(a, registry), anyToJson(b, registry));
  } catch {
    return false; // What does not unpack has been compared as it is, and differs.
  }
}

/** Whether two JSON values are equal, whatever the order of their keys. */
function isSameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && isSameJson(value, right.get(key)))
  );
}
