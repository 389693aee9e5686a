// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from "@bufbuild/protobuf";
import type { Condition } from "./parser.js";
import type { Comparator } from "./token.js";

/**
 * Whether a resource, as ProtoJSON, meets a condition (AIP-160). Fields go by either spelling,
 * `percent_complete` or `percentComplete`. A missing field has its default value, since ProtoJSON omits defaults:
 * `done = false` matches an operation without `done`.
 */
export function matchesFilter(condition: Condition, resource: JsonValue): boolean {
  switch (condition.kind) {
    case "all":
      return condition.of.every((part) => matchesFilter(part, resource));
    case "any":
      return condition.of.some((part) => matchesFilter(part, resource));
    case "not":
      return !matchesFilter(condition.of, resource);
    case "mentions":
      return mentions(resource, condition.text);
    case "compare":
      return compares(valueAt(resource, condition.path), condition.comparator, condition.value);
  }
}

function mentions(json: JsonValue, text: string): boolean {
  if (typeof json === "object" && json !== null)
    return Object.values(json).some((value) => mentions(value, text));
  return String(json).includes(text);
}

function valueAt(resource: JsonValue, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = resource;
  for (const name of path) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const key: string = Object.hasOwn(value, name) ? name : lowerCamelCase(name);
    value = Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

/** The JSON name of a proto field's name (ProtoJSON). */
function lowerCamelCase(name: string): string {
  const [first = "", ...rest] = name.split("_");
  return first + rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
}

function compares(value: JsonValue | undefined, comparator: Comparator, wanted: string): boolean {
  switch (comparator) {
    case ":":
      return has(value, wanted);
    case "=":
      return equals(value, wanted);
    case "!=":
      return !equals(value, wanted);
    default:
      return inOrder(value, comparator, wanted);
  }
}

/** `:*` tests for presence; otherwise a list is searched for an element, an object for a key, a text for a part of it. */
function has(value: JsonValue | undefined, wanted: string): boolean {
  if (wanted === "*") return value !== undefined && value !== null;
  if (Array.isArray(value)) return value.some((element) => has(element, wanted));
  if (typeof value === "object" && value !== null) return Object.hasOwn(value, wanted);
  return typeof value === "string" ? value.includes(wanted) : equals(value, wanted);
}

function equals(value: JsonValue | undefined, wanted: string): boolean {
  if (value === undefined || value === null) return ["", "false", "0"].includes(wanted);
  if (typeof value === "number") return value === Number(wanted);
  if (typeof value === "string" && wanted.includes("*")) return matchesWildcard(value, wanted);
  return typeof value !== "object" && String(value) === wanted;
}

/** A `*` at the start or the end of a text stands for anything. */
function matchesWildcard(value: string, wanted: string): boolean {
  const atStart = wanted.startsWith("*");
  const atEnd = wanted.endsWith("*") && wanted.length > 1;
  const text = wanted.slice(atStart ? 1 : 0, atEnd ? -1 : undefined);
  if (atStart && atEnd) return value.includes(text);
  if (atStart) return value.endsWith(text);
  return atEnd ? value.startsWith(text) : value === text;
}

/**
 * Compares numerically if both sides are numbers, otherwise as text, which also orders RFC 3339 times of one format.
 */
function inOrder(value: JsonValue | undefined, comparator: "<" | "<=" | ">" | ">=", wanted: string): boolean {
  const left = value ?? 0;
  if (typeof left === "object" || typeof left === "boolean") return false;
  const numeric =
    wanted !== "" && left !== "" && !Number.isNaN(Number(left)) && !Number.isNaN(Number(wanted));
  const sign = numeric ? Number(left) - Number(wanted) : order(String(left), wanted);
  return comparator.startsWith("<")
    ? sign < 0 || (sign === 0 && comparator === "<=")
    : sign > 0 || (sign === 0 && comparator === ">=");
}

function order(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
