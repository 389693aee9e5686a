// SPDX-License-Identifier: Apache-2.0
import type { DescField, Message } from "@bufbuild/protobuf";
import { appendToField, holderOf, writeField } from "../field/field-access.js";
import { describeField, type FieldPath } from "../field/field-path.js";
import { fieldFromText } from "../field/from-text.js";
import { type ToText, valueText } from "../field/to-text.js";
import { invalidArgument } from "../invalid-argument.js";
import { encodeText } from "../path/percent.js";
import {
  badParameter,
  type Entries,
  findEntries,
  isNamed,
  isSystemParameter,
  parsePair,
  take,
} from "./query-parameter.js";
import type { QueryEntry } from "./query-plan.js";

/** Messages nested deeper than this are rejected, as by protobuf-es' JSON: a cycle of objects would have no end. */
const MAX_DEPTH = 100;

/**
 * The query for the fields of a message that a plan covers, without "?": JSON names joined by dots, repeated fields as
 * repeated keys, in the order of the proto file. Defaults without presence are left out, set fields with presence
 * never; a message that is there and empty cannot be expressed and vanishes. {@link fromQuery} is the inverse.
 *
 * @throws ConnectError InvalidArgument for a non-empty map, repeated message, Any, Struct, Value or ListValue, which
 *   http.proto keeps out of queries, and for a value that its field cannot have
 */
export function toQuery(plan: readonly QueryEntry[], message: Message): string {
  if (plan.length === 0) {
    return "";
  }
  const pairs: string[] = [];
  collectPairs(pairs, plan, message, "");
  return pairs.join("&");
}

function collectPairs(
  pairs: string[],
  plan: readonly QueryEntry[],
  message: Message,
  prefix: string,
  depth = 0,
): void {
  for (const entry of plan) {
    const value = entry.read(message);
    if (value === undefined) {
      continue;
    }
    const key = prefix + entry.key;
    switch (entry.kind) {
      case "value":
        if (!entry.isOmitted(value)) {
          pairs.push(pairOf(key, entry.field, entry.toText, value));
        }
        break;
      case "values":
        // A repeated field holds an array.
        for (const element of value as readonly unknown[]) {
          pairs.push(pairOf(key, entry.field, entry.toText, element));
        }
        break;
      case "message":
        if (depth >= MAX_DEPTH) {
          throw invalidArgument(`${describeField(entry.field)} nests deeper than ${MAX_DEPTH} messages`);
        }
        // A message field holds a message.
        collectPairs(pairs, entry.entries(), value as Message, `${key}.`, depth + 1);
        break;
      case "impossible":
        if (!entry.isEmpty(value)) {
          throw invalidArgument(`${describeField(entry.field)} is set, but cannot be a query parameter`);
        }
    }
  }
}

function pairOf(key: string, field: DescField, toText: ToText, value: unknown): string {
  return `${key}=${encodeText(valueText(field, toText, value), field.name)}`;
}

/** What {@link fromQuery} goes by. */
export interface QueryScope {
  readonly plan: readonly QueryEntry[];
  /** Fields that the path has. Some of Google's clients repeat them in the query; the path has the last word. */
  readonly bound: readonly FieldPath[];
}

/**
 * Sets the fields that a query names in a message. A key may use JSON names or proto names; "+" is a space, as in
 * forms. System parameters (`$alt`, `key` and the like) are not the message's and are passed over.
 *
 * @throws ConnectError InvalidArgument, naming the parameter: unknown, not of its field's type, given twice
 */
export function fromQuery(query: string, message: Message, { plan, bound }: QueryScope): void {
  const taken = new Map<string, DescField>();
  for (const pair of query.split("&").filter((part) => part !== "")) {
    const { key, text } = parsePair(pair);
    const names = key.split(".");
    if (bound.some((path) => isNamed(path, names))) {
      continue;
    }
    const entries = findEntries(plan, names);
    if (entries !== undefined) {
      take(taken, key, entries);
      setParameter(message, { key, text, entries });
    } else if (!isSystemParameter(key)) {
      throw badParameter(key, "is no field that this method takes from the query");
    }
  }
}

function setParameter(
  message: Message,
  { key, text, entries }: { key: string; text: string; entries: Entries },
): void {
  const entry = entries.at(-1) ?? entries[0];
  if (entry.kind === "message" || entry.kind === "impossible") {
    throw badParameter(
      key,
      `is ${describeField(entry.field)}, expected a field of one value or a list of them`,
    );
  }
  const { what, fromText } = fieldFromText(entry.field);
  const value = fromText(text);
  if (value === undefined) {
    throw badParameter(key, `is not ${what}`);
  }
  const holder = holderOf(message, [entries[0].field, ...entries.slice(1).map(({ field }) => field)]);
  if (entry.kind === "values") {
    appendToField(holder, entry.field, value);
    return;
  }
  writeField(holder, entry.field, value);
}
