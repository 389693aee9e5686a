// SPDX-License-Identifier: Apache-2.0
import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { OperationSchema } from "../../../gen/google/longrunning/operations_pb.js";
import { shorten } from "../../names/shorten.js";
import type { Condition } from "./parser.js";

type Comparison = Extract<Condition, { kind: "compare" }>;

/**
 * Rejects a comparison with a field that operations do not have, or with a value that its type does not have (AIP-160).
 * What is inside of the metadata and the response depends on their types, and is not checked.
 *
 * @throws ConnectError `InvalidArgument`
 */
export function checkFields(condition: Condition): void {
  switch (condition.kind) {
    case "all":
    case "any":
      for (const part of condition.of) checkFields(part);
      return;
    case "not":
      checkFields(condition.of);
      return;
    case "compare":
      checkComparison(condition);
  }
}

function checkComparison({ path, comparator, value }: Comparison): void {
  const field = fieldAt(OperationSchema, path);
  if (field?.fieldKind !== "scalar" || (comparator === ":" && value === "*")) return;
  if (field.scalar === ScalarType.BOOL && value !== "true" && value !== "false") {
    throw mismatch(path, value, "true or false");
  }
  if (field.scalar === ScalarType.INT32 && (value.trim() === "" || Number.isNaN(Number(value)))) {
    throw mismatch(path, value, "a number");
  }
}

/** The field that a path leads to; `undefined` for one inside of a list or of a message of any type. */
function fieldAt(message: DescMessage, path: readonly string[]): DescField | undefined {
  const [name = "", ...rest] = path;
  const field = message.fields.find((one) => one.name === name || one.jsonName === name);
  if (field === undefined) {
    const known = message.fields.map((one) => one.name).join(", ");
    throw invalid(`names ${quoted(name)}: ${message.name} has the fields ${known}`);
  }
  if (rest.length === 0) return field;
  if (field.fieldKind === "scalar") throw invalid(`names a field of ${name}, which has none`);
  if (field.fieldKind !== "message" || field.message.typeName === AnySchema.typeName) return undefined;
  return fieldAt(field.message, rest);
}

function mismatch(path: readonly string[], value: string, expected: string): ConnectError {
  return invalid(`compares ${path.join(".")} with ${quoted(value)}: expected ${expected}`);
}

function invalid(problem: string): ConnectError {
  return new ConnectError(`filter ${problem} (AIP-160).`, Code.InvalidArgument);
}

function quoted(text: string): string {
  return JSON.stringify(shorten(text, 64));
}
