// SPDX-License-Identifier: Apache-2.0
import type { ReportValue } from "../../gen/google/ads/admanager/v1/report_value_pb.js";
import { invalidOption } from "../errors/options.js";
import { cellOf, type Int64, type Int64Form, type ReportCell } from "./report-value.js";

/**
 * What the values of a column are: `int` in the form of the option `int64`; `number` an integer or a double, as a number;
 * `date` an integer such as 20260131 as `2026-01-31`; `any` whatever the server sends.
 */
export type ColumnKind =
  | "int"
  | "number"
  | "date"
  | "double"
  | "string"
  | "boolean"
  | "bytes"
  | "int[]"
  | "string[]"
  | "double[]"
  | "any";

/** The types of the values of each kind. */
interface Cells<I extends bigint | string> {
  readonly int: I;
  readonly number: number;
  readonly date: string;
  readonly double: number;
  readonly string: string;
  readonly boolean: boolean;
  readonly bytes: Uint8Array;
  readonly "int[]": readonly I[];
  readonly "string[]": readonly string[];
  readonly "double[]": readonly number[];
  readonly any: ReportCell<I>;
}

/** The type of a value of a kind. */
export type CellOfKind<K extends ColumnKind, I extends bigint | string> = Cells<I>[K];

type Case = ReportValue["value"]["case"];

const CASES: Readonly<Record<ColumnKind, readonly Case[]>> = {
  int: ["intValue"],
  number: ["intValue", "doubleValue"],
  date: ["intValue"],
  double: ["doubleValue"],
  string: ["stringValue"],
  boolean: ["boolValue"],
  bytes: ["bytesValue"],
  "int[]": ["intListValue"],
  "string[]": ["stringListValue"],
  "double[]": ["doubleListValue"],
  any: [],
};

/** The kinds. */
const KINDS = Object.keys(CASES);

/** Checks the kinds of columns. @throws TypeError */
export function checkKinds(columns: Readonly<Record<string, unknown>> | undefined): void {
  for (const [name, kind] of Object.entries(columns ?? {})) {
    if (typeof kind === "string" && KINDS.includes(kind)) continue;
    throw invalidOption(
      `reportTable: columns: unknown kind of ${JSON.stringify(name)} (got ${JSON.stringify(kind)}; expected ${KINDS.join(", ")})`,
    );
  }
}

/**
 * A value as a column of some kind has it; `undefined` where the server sent none. The value of a flag is a boolean.
 *
 * @throws TypeError that names the problem without the value
 */
export function kindCellOf<F extends Int64Form>(
  value: ReportValue | boolean | undefined,
  kind: ColumnKind,
  form: F,
): ReportCell<Int64<F>> {
  if (typeof value === "boolean") {
    if (kind === "boolean" || kind === "any") return value;
    throw new TypeError("a flag (expected the kind boolean)");
  }
  const sent = value?.value;
  if (value === undefined || sent?.case === undefined) return undefined;
  if (kind === "any") return cellOf(value, form);
  if (!CASES[kind].includes(sent.case)) throw new TypeError(`a value of another kind (got ${sent.case})`);
  if (sent.case === "intValue" && kind === "date") return dayOf(sent.value);
  if (sent.case === "intValue" && kind === "number") return numberOf(sent.value);
  return cellOf(value, form);
}

function dayOf(value: bigint): string {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(value.toString()) ?? [];
  if (year !== undefined) return `${year}-${month}-${day}`;
  throw new TypeError("an integer that is no date (expected one such as 20260131)");
}

function numberOf(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new TypeError("an integer beyond 2^53, which no number holds (expected the kind int)");
}
