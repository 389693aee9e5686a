// SPDX-License-Identifier: Apache-2.0
import { create, fromJson, type JsonValue, type Registry } from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { type Status, StatusSchema } from "../../../gen/google/rpc/status_pb.js";
import { invalidValue } from "../../errors/options.js";
import { codeOfName } from "../../names/code-name.js";

/** A mapping of a script whose keys have not been checked. */
export type Entries = Readonly<Record<string, unknown>>;

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** An error with its location in the script. */
export function scriptError(where: string, problem: string, cause?: unknown): TypeError {
  return new TypeError(`${where}: ${problem}`, cause === undefined ? undefined : { cause });
}

/** Rejects a name that an earlier entry of a list has: one of the two would have no effect, in silence. */
export function rejectTwice(names: readonly (string | undefined)[], where: string): void {
  const at = names.findIndex((name, index) => name !== undefined && names.indexOf(name) < index);
  if (at >= 0) throw scriptError(`${where}[${at}]`, `${names[at]} is there twice`);
}

/** Requires a mapping. */
export function mappingOf(value: unknown, where: string): Entries {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw scriptError(where, "expected a mapping");
}

/** Requires a list. */
export function listOf(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw scriptError(where, "expected a list");
}

/** Requires text that is not empty. */
export function textOf(value: unknown, where: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw invalidValue(where, value, "text that is not empty");
}

/** Rejects unknown keys. */
export function rejectUnknownKeys(entries: Entries, known: readonly string[], where: string): void {
  const unknown = Object.keys(entries).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw scriptError(where, `unknown key "${unknown.slice(0, 100)}" (expected ${known.join(", ")})`);
}

/** Milliseconds of `30s`, `1h30m`, `500ms`, `never`. */
export function durationMsOf(value: unknown, where: string): number {
  if (value === "never") return Number.POSITIVE_INFINITY;
  const parts = typeof value === "string" && value.length <= 100 ? value.match(/[\d.]+|[a-z]+/g) : null;
  if (parts === null || parts.join("") !== value || parts.length % 2 !== 0) throw badDuration(where);
  let ms = 0;
  for (let at = 0; at < parts.length; at += 2) {
    ms += Number(parts[at]) * (UNITS_MS.get(parts[at + 1] ?? "") ?? Number.NaN);
  }
  if (Number.isNaN(ms)) throw badDuration(where);
  return ms;
}

function badDuration(where: string): TypeError {
  return scriptError(where, "expected a duration such as 500ms, 30s or 1h30m, or never");
}

/** The number of a google.rpc.Code, given by name or by number. */
export function codeOf(value: unknown, where: string): number {
  const code = typeof value === "string" ? codeOfName(value) : value;
  if (typeof code === "number" && Code[code] !== undefined) return code; // the enum has no OK
  throw invalidValue(where, value, "a google.rpc.Code other than OK, such as UNAVAILABLE");
}

/** A google.rpc.Status: `code`, `message`, `details` with `@type`. */
export function statusOf(value: unknown, where: string, registry: Registry): Status {
  const entries = mappingOf(value, where);
  rejectUnknownKeys(entries, ["code", "message", "details"], where);
  const { message = "", details = [] } = entries;
  if (typeof message !== "string") throw scriptError(`${where}.message`, "expected text");
  return create(StatusSchema, {
    code: codeOf(entries.code, `${where}.code`),
    message,
    details: detailsOf(details, `${where}.details`, registry),
  });
}

/** Messages of any registered type, as ProtoJSON with `@type`. */
export function detailsOf(value: unknown, where: string, registry: Registry): Any[] {
  return listOf(value, where).map((detail, at) => anyOf(detail, `${where}[${at}]`, registry));
}

/** One message of any registered type, as ProtoJSON with `@type`. */
export function anyOf(value: unknown, where: string, registry: Registry): Any {
  if (!("@type" in mappingOf(value, where))) throw scriptError(where, 'expected a message with "@type"');
  try {
    return fromJson(AnySchema, value as JsonValue, { registry }); // not a JSON value: fromJson throws
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw scriptError(where, `${problem} (google.protobuf.Struct takes any object)`, cause);
  }
}
