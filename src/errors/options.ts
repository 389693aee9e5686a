// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import { CallError } from "./call-error.js";

/**
 * The error for an option that cannot be used: thrown where the option is given, by name, before anything is sent.
 * `InvalidArgument`, like every other refusal of what a caller passes.
 */
export function badOption(message: string, cause?: unknown): CallError {
  return new CallError({ code: Code.InvalidArgument, message, cause, requestSent: false });
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

/** A number above 0 (`Infinity` included), or the default when the option is not given. */
export function positiveOption<D extends number | undefined>(
  name: string,
  value: unknown,
  byDefault: D,
): number | D {
  if (value === undefined) return byDefault;
  if (typeof value === "number" && value > 0) return value;
  throw badOption(`${name} is ${String(value)}; expected a number above 0`);
}

/** True or false, or the default when the option is not given. */
export function booleanOption(name: string, value: unknown, byDefault: boolean): boolean {
  if (value === undefined) return byDefault;
  if (typeof value === "boolean") return value;
  throw badOption(`${name} is ${String(value)}; expected true or false`);
}

/** A copy of the interceptors, so that a later change of the caller's array changes no transport. */
export function interceptorsOption(value: readonly Interceptor[] | undefined): Interceptor[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === "function")) return [...value];
  throw badOption("interceptors is not an array of functions");
}
