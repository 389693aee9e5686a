// SPDX-License-Identifier: Apache-2.0
import type { DescField } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { shorten } from "../../names/shorten.js";
import type { FieldPath } from "../field/field-path.js";
import { invalidArgument } from "../invalid-argument.js";
import { decodeText } from "../path/percent.js";
import type { QueryEntry } from "./query-plan.js";

/** The entries from a request's field down to the one that a parameter names. */
export type Entries = readonly [QueryEntry, ...QueryEntry[]];

/** A key of more names is rejected: types may be recursive, the stack is not endless. */
const MAX_DEPTH = 100;

/** Longest key that an error quotes in full. */
const MAX_QUOTE = 100;

/**
 * System parameters without a "$": https://cloud.google.com/apis/docs/system-parameters. A field of the request with
 * such a name goes first.
 */
const SYSTEM_PARAMETERS: ReadonlySet<string> = new Set([
  "access_token",
  "alt",
  "callback",
  "fields",
  "key",
  "oauth_token",
  "prettyPrint",
  "quotaUser",
  "uploadType",
  "upload_protocol",
  "userIp",
]);

/** Whether a key is a system parameter. No field can begin with "$". */
export function isSystemParameter(key: string): boolean {
  return key.startsWith("$") || SYSTEM_PARAMETERS.has(key);
}

/** Key and value of one `key=value`, decoded; "+" is a space. */
export function parsePair(pair: string): { readonly key: string; readonly text: string } {
  const equals = pair.indexOf("=");
  const rawKey = equals < 0 ? pair : pair.slice(0, equals);
  const key = decodeText(rawKey.replaceAll("+", " "));
  const text = decodeText(equals < 0 ? "" : pair.slice(equals + 1).replaceAll("+", " "));
  if (key === undefined || text === undefined) {
    throw badParameter(rawKey, "is not percent-encoded UTF-8");
  }
  return { key, text };
}

/** The entries that names lead to, by JSON name or proto name; `undefined` when they lead nowhere. */
export function findEntries(plan: readonly QueryEntry[], names: readonly string[]): Entries | undefined {
  if (names.length > MAX_DEPTH) {
    return undefined;
  }
  const [name, ...rest] = names;
  const entry = plan.find(({ field }) => field.jsonName === name || field.name === name);
  if (entry === undefined || rest.length === 0) {
    return entry && [entry];
  }
  const below = entry.kind === "message" ? findEntries(entry.entries(), rest) : undefined;
  return below && [entry, ...below];
}

/** Whether names spell a field path, by JSON name or proto name. */
export function isNamed(path: FieldPath, names: readonly string[]): boolean {
  return (
    path.length === names.length &&
    path.every((field, index) => field.jsonName === names[index] || field.name === names[index])
  );
}

/**
 * Notes what a parameter sets in `taken`: its field, and its member of every oneof on the way.
 *
 * @throws ConnectError InvalidArgument for a singular field set twice or a second member of a oneof
 */
export function take(taken: Map<string, DescField>, key: string, entries: Entries): void {
  let place = "";
  entries.forEach(({ field, kind }, depth) => {
    const slot = `${place}${field.oneof?.name ?? field.name}`;
    const before = taken.get(slot);
    if (before !== undefined && before !== field) {
      throw badParameter(key, `sets a second member of the oneof ${field.oneof?.name}, after ${before.name}`);
    }
    if (before !== undefined && depth === entries.length - 1 && kind === "value") {
      throw badParameter(key, "is given twice");
    }
    taken.set(slot, field);
    place += `${field.name}.`;
  });
}

/** The error for a parameter; its value is not quoted, for it may be anything. */
export function badParameter(key: string, problem: string): ConnectError {
  return invalidArgument(`query parameter ${JSON.stringify(shorten(key, MAX_QUOTE))} ${problem}`);
}
