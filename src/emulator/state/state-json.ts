// SPDX-License-Identifier: Apache-2.0
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { StatusSchema } from "../../../gen/google/rpc/status_pb.js";
import type { Result } from "../operations/behaviour.js";
import type { StoreData } from "../operations/store.js";
import type { OperationRecord } from "../operations/timeline.js";
import { isAny, isHead, isRecord } from "./state-check.js";

/** The version of the file format. */
const VERSION = 1;

/** Cached text of written records: a record is immutable, so a save only serializes new ones. */
const written = new WeakMap<OperationRecord, string>();

/** A store's data as text: a line about the store, then a line of JSON for each operation. */
export function toStateText({ records, ...head }: StoreData): string {
  const lines = [JSON.stringify({ version: VERSION, ...head, operations: records.length })];
  for (const record of records) {
    let line = written.get(record);
    if (line === undefined) {
      line = JSON.stringify(record, encodeValue);
      written.set(record, line);
    }
    lines.push(line);
  }
  return `${lines.join("\n")}\n`;
}

/** Reads what {@link toStateText} wrote. @throws Error with the line number if the text is invalid */
export function fromStateText(text: string): StoreData {
  const [first = "", ...rest] = text.split("\n").slice(0, -1);
  const { version, nextSequence, nextId, atMs, operations } = parseLine(first, 1);
  if (version !== VERSION || !isHead({ nextSequence, nextId, atMs })) {
    throw new Error(`line 1 is not the head of a state file of version ${VERSION}`);
  }
  if (operations !== rest.length)
    throw new Error(`it has ${rest.length} operations, and line 1 says ${operations}`);
  const records = rest.map((line, at) => toRecord(parseLine(line, at + 2), at + 2));
  const names = new Set(records.map(({ name }) => name));
  if (names.size !== records.length) throw new Error("it has two operations of the same name");
  return { nextSequence, nextId, atMs, records } as StoreData;
}

type Line = Readonly<Record<string, unknown>>;

function parseLine(line: string, number: number): Line {
  try {
    const value: unknown = JSON.parse(line, decodeValue);
    if (typeof value === "object" && value !== null) return value as Line;
  } catch (cause) {
    throw new Error(`line ${number} is not JSON`, { cause });
  }
  throw new Error(`line ${number} is not an object`);
}

function toRecord(line: Line, number: number): OperationRecord {
  if (isRecord(line)) return line;
  throw new Error(`line ${number} is not an operation`);
}

/** JSON has no bytes, messages or Infinity: each becomes an object with a single key for its type. */
function encodeValue(this: unknown, _key: string, value: unknown): unknown {
  if (value === Number.POSITIVE_INFINITY) return { $infinity: true };
  if (isResult(value) && value.case === "error") {
    return { $status: base64Encode(toBinary(StatusSchema, value.value)) };
  }
  if (isAny(value)) return { $any: value.typeUrl, value: base64Encode(value.value) };
  return value;
}

function decodeValue(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$infinity" in value) return Number.POSITIVE_INFINITY;
  if ("$status" in value && typeof value.$status === "string") {
    return { case: "error", value: fromBinary(StatusSchema, base64Decode(value.$status)) };
  }
  if (
    "$any" in value &&
    "value" in value &&
    typeof value.$any === "string" &&
    typeof value.value === "string"
  ) {
    return create(AnySchema, { typeUrl: value.$any, value: base64Decode(value.value) });
  }
  return value;
}

function isResult(value: unknown): value is Result {
  return typeof value === "object" && value !== null && "case" in value;
}
