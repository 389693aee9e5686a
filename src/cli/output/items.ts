// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, JsonValue, Registry } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { Operation } from "../../../gen/google/longrunning/operations_pb.js";
import { Code } from "../../../gen/google/rpc/code_pb.js";
import type { Status } from "../../../gen/google/rpc/status_pb.js";
import { anyToJson, snapshotOf } from "../../index.js";
import { codeName } from "../../names/code-name.js";
import { EXIT, type State } from "../exit-status.js";
import type { ErrorReport } from "./error-report.js";
import { percentOf } from "./percent.js";
import type { Item } from "./printer.js";
import type { Line } from "./writer.js";

/** The width of the column of states: that of `succeeded`. */
const STATE_WIDTH = 9;

/** An operation in ProtoJSON, with its state. */
function operationJson(operation: Operation, registry: Registry): JsonObject & { readonly state: State } {
  const { name, metadata, done, result } = operation;
  return {
    name,
    state: snapshotOf(operation).state,
    done,
    ...(metadata !== undefined && { metadata: anyJson(metadata, registry) }),
    ...(result.case === "response" && { response: anyJson(result.value, registry) }),
    ...(result.case === "error" && { error: statusJson(result.value, registry) }),
  };
}

function statusJson({ code, message, details }: Status, registry: Registry): JsonObject {
  return {
    code,
    status: codeName(code),
    message,
    ...(details.length > 0 && { details: details.map((detail) => anyJson(detail, registry)) }),
  };
}

/** An operation on one line: state, name and a remark. */
export function operationRow(operation: Operation, registry: Registry): Item {
  const json = operationJson(operation, registry);
  return { json, lines: [row(json.state, operation.name, remark(operation, json))] };
}

/** An operation as a block, one field per line. */
export function operationBlock(operation: Operation, registry: Registry): Item {
  const json = operationJson(operation, registry);
  return { json, lines: block(json) };
}

/** A name with only a state: `requested`, `deleted`. */
export function wordItem(name: string, word: string): Item {
  return { json: { name, state: word }, lines: [row(word, name, "")] };
}

/** A name for which the call failed or the wait timed out; the error itself is on standard error. */
export function errorItem(name: string, report: ErrorReport): Item {
  const word = report.status === EXIT.timedOut ? "timed-out" : "error";
  const code = String(report.json.code);
  return {
    json: { name, state: word, error: report.json },
    lines: [row(word, name, word === "error" ? code : "")],
  };
}

/** A line of a list: the state in its own column, then the name and a remark. */
export function row(state: string, name: string, remark: string): Line {
  return [{ text: state.padEnd(STATE_WIDTH), as: state }, `  ${name}`, remark === "" ? "" : `  ${remark}`];
}

function remark(operation: Operation, json: JsonObject): string {
  const { result } = operation;
  if (result.case === "error" && result.value.code !== Code.CANCELLED) {
    return `${codeName(result.value.code)}${result.value.message === "" ? "" : `: ${oneLine(result.value.message)}`}`;
  }
  const percent = operation.done ? undefined : percentOf(json.metadata);
  return percent === undefined ? "" : `${Math.floor(percent)}%`;
}

/** A message, as several lines of JSON. */
function block(json: JsonObject): Line[] {
  const fields = Object.entries(json).filter(([field]) => field !== "done");
  const width = Math.max(...fields.map(([field]) => field.length));
  return fields.flatMap(([field, value]): Line[] => {
    const label = { text: field.padEnd(width), as: "label" };
    if (typeof value === "string")
      return [[label, "  ", field === "state" ? { text: value, as: value } : value]];
    const [first = "", ...others] = JSON.stringify(value, null, 2).split("\n");
    return [[label, `  ${first}`], ...others.map((line): Line => [`${" ".repeat(width + 2)}${line}`])];
  });
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/**
 * A google.protobuf.Any as ProtoJSON, whatever its type: a value received as JSON is printed unchanged, and bytes of an
 * unknown type as `{"@type": …, "value": base64}`.
 */
function anyJson(any: Any, registry: Registry): JsonValue {
  for (const types of [registry, undefined]) {
    try {
      return anyToJson(any, types);
    } catch {
      // Not in this registry: try the next one, then print the bytes.
    }
  }
  return { "@type": any.typeUrl, value: base64Encode(any.value) } satisfies JsonObject;
}
