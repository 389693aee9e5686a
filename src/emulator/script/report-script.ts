// SPDX-License-Identifier: Apache-2.0
import { fromJson, type JsonValue, type MessageInitShape } from "@bufbuild/protobuf";
import { ReportValueSchema } from "../../../gen/google/ads/admanager/v1/report_value_pb.js";
import type { RowInit } from "../operations/made-rows.js";
import type { ReportScript } from "../operations/saved-reports.js";
import { listOf, mappingOf, rejectUnknownKeys, scriptError } from "./script-value.js";

const KEYS = ["name", "display-name", "dimensions", "metrics", "rows"];

/** Parses a saved report: its columns, and its rows as lists of values, or their number. */
export function parseReport(value: unknown, where: string): ReportScript {
  const entries = mappingOf(value, where);
  rejectUnknownKeys(entries, KEYS, where);
  const { name, dimensions, metrics, rows, "display-name": displayName } = entries;
  if (typeof name !== "string") throw scriptError(`${where}.name`, "expected networks/*/reports/*");
  if (displayName !== undefined && typeof displayName !== "string") {
    throw scriptError(`${where}.display-name`, "expected text");
  }
  const names = dimensions === undefined ? undefined : textsOf(dimensions, `${where}.dimensions`);
  return {
    name,
    displayName,
    dimensions: names,
    metrics: metrics === undefined ? undefined : textsOf(metrics, `${where}.metrics`),
    ...(typeof rows === "number" && { rows }),
    ...(rows !== undefined &&
      typeof rows !== "number" && {
        rows: listOf(rows, `${where}.rows`).map((row, at) =>
          rowOf(
            row,
            `${where}.rows[${at}]`,
            names?.length,
            Array.isArray(metrics) ? metrics.length : undefined,
          ),
        ),
      }),
  };
}

/** A row: the values of the dimensions, then those of the metrics. */
function rowOf(value: unknown, where: string, dimensions?: number, metrics?: number): RowInit {
  const values = listOf(value, where).map((cell, at) => reportValueOf(cell, `${where}[${at}]`));
  if (dimensions === undefined || metrics === undefined) {
    throw scriptError(where, "rows of a report without dimensions and metrics");
  }
  if (values.length !== dimensions + metrics) {
    throw scriptError(where, `${values.length} values for ${dimensions} dimensions and ${metrics} metrics`);
  }
  return {
    dimensionValues: values.slice(0, dimensions),
    metricValueGroups: [{ primaryValues: values.slice(dimensions) }],
  };
}

/** A value of the kind that its YAML has; a mapping is a ReportValue in ProtoJSON, for integers beyond 2^53 and bytes. */
function reportValueOf(value: unknown, where: string): MessageInitShape<typeof ReportValueSchema> {
  switch (typeof value) {
    case "string":
      return { value: { case: "stringValue", value } };
    case "boolean":
      return { value: { case: "boolValue", value } };
    case "bigint":
      return { value: { case: "intValue", value } };
    case "number":
      if (Number.isSafeInteger(value)) return { value: { case: "intValue", value: BigInt(value) } };
      if (!Number.isInteger(value)) return { value: { case: "doubleValue", value } };
      throw scriptError(where, 'a number beyond 2^53 (expected { intValue: "..." })');
    default:
      return value === null ? {} : listValueOf(value, where);
  }
}

function listValueOf(value: unknown, where: string): MessageInitShape<typeof ReportValueSchema> {
  if (!Array.isArray(value)) {
    try {
      return fromJson(ReportValueSchema, mappingOf(value, where) as JsonValue); // not a JSON value: fromJson throws
    } catch (cause) {
      throw scriptError(where, cause instanceof Error ? cause.message : String(cause), cause);
    }
  }
  if (value.every((each) => typeof each === "string")) {
    return { value: { case: "stringListValue", value: { values: value } } };
  }
  if (value.every((each) => Number.isSafeInteger(each))) {
    return { value: { case: "intListValue", value: { values: value.map(BigInt) } } };
  }
  if (value.every((each) => typeof each === "number")) {
    return { value: { case: "doubleListValue", value: { values: value } } };
  }
  throw scriptError(where, "expected a list of texts or of numbers");
}

function textsOf(value: unknown, where: string): string[] {
  return listOf(value, where).map((text, at) => {
    if (typeof text === "string") return text;
    throw scriptError(`${where}[${at}]`, "expected text");
  });
}
