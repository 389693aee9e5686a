// SPDX-License-Identifier: Apache-2.0
import type { ReportValue } from "../../gen/google/ads/admanager/v1/report_value_pb.js";

/**
 * A value of a report in JavaScript: integers as `bigint` or, with `int64: "string"`, as decimal text; doubles as numbers;
 * text, booleans and bytes as they are; lists as arrays; `undefined` where the server sent no value.
 */
export type ReportCell<I extends bigint | string = bigint> =
  | I
  | number
  | string
  | boolean
  | Uint8Array
  | readonly I[]
  | readonly string[]
  | readonly number[]
  | undefined;

/** How integers of 64 bits appear, which a JavaScript number cannot hold. */
export type Int64Form = "bigint" | "string";

/** The type of an integer in a form. */
export type Int64<F extends Int64Form> = F extends "string" ? string : bigint;

/** The value of one cell. */
export function cellOf<F extends Int64Form>({ value }: ReportValue, form: F): ReportCell<Int64<F>> {
  switch (value.case) {
    case "intValue":
      return int64Of(value.value, form);
    case "intListValue":
      return value.value.values.map((each) => int64Of(each, form));
    case "stringListValue":
    case "doubleListValue":
      return value.value.values;
    default:
      return value.value;
  }
}

/** The cast is needed because TypeScript does not narrow the generic return type by the condition. */
function int64Of<F extends Int64Form>(value: bigint, form: F): Int64<F> {
  return (form === "string" ? value.toString() : value) as Int64<F>;
}
