// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { CallError } from "../codec/call-error.js";

/**
 * The error for an option that cannot be used: thrown where the option is given, by name, before anything is sent.
 * `InvalidArgument`, like every other refusal of what a caller passes.
 */
export function badOption(message: string): CallError {
  return new CallError({ code: Code.InvalidArgument, message, requestSent: false });
}

/** Refuses options that are not an object, and each key that `known` does not list, so that a typo is heard of. */
export function checkKnown(owner: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw badOption(`${owner}: the options are not an object`);
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw badOption(`${owner}: unknown option "${unknown}"; there are ${known.join(", ")}`);
  }
}

/** Bounds of a number option; both ends are allowed values. */
export interface Range {
  readonly min: number;
  readonly max: number;
  /** Refuses fractions. @default false */
  readonly whole?: boolean | undefined;
}

/** Refuses a number that is not one or lies outside its range. */
export function checkNumber(name: string, value: unknown, range: Range): void {
  const fits =
    typeof value === "number" &&
    value >= range.min &&
    value <= range.max &&
    (range.whole !== true || Number.isInteger(value));
  if (fits) return;
  const kind = range.whole === true ? "a whole number" : "a number";
  throw badOption(`${name} is ${String(value)}; expected ${kind} from ${range.min} to ${range.max}`);
}
