// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import { shorten } from "../names/shorten.js";
import type { Clock } from "../time/clock.js";

/**
 * The error for an option that cannot be used: a mistake in the program, thrown where the option is given, by name,
 * before anything is sent. Text: `<option>: <problem> (got <value>; expected <what>)`, never a secret.
 */
export function invalidOption(message: string, cause?: unknown): TypeError {
  return new TypeError(message, cause === undefined ? undefined : { cause });
}

/** The error for an option whose value is none that it takes. */
export function invalidValue(name: string, value: unknown, expected: string): TypeError {
  return invalidOption(`${name}: invalid value (got ${shown(value)}; expected ${expected})`);
}

/** A value for an error: short, on one line, and nothing of what is inside of an object. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shorten(value, 64));
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

/**
 * Rejects options that are not an object, and each key that `keys` does not list, so that a typing error is heard of.
 *
 * @param owner - the function that the options were given to
 * @param keys - made with `satisfies Record<keyof Options, true>`, so that no key is forgotten
 */
export function rejectUnknownKeys(
  owner: string,
  options: unknown,
  keys: Readonly<Record<string, true>>,
): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw invalidValue(`${owner}: options`, options, "an object");
  }
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(keys, key));
  if (unknown !== undefined) {
    const known = Object.keys(keys)
      .join(", ")
      .replace(/, (?=[^,]*$)/, " or ");
    throw invalidOption(`${owner}: unknown option ${shown(unknown)} (expected ${known})`);
  }
}

/** Bounds of a number option; both ends are allowed values. */
export interface Range {
  readonly min: number;
  readonly max: number;
  /** Rejects fractions. @default false */
  readonly whole?: boolean | undefined;
}

/** Rejects a number that is not one or lies outside its range. */
export function checkNumber(name: string, value: unknown, range: Range): void {
  const fits =
    typeof value === "number" &&
    value >= range.min &&
    value <= range.max &&
    (range.whole !== true || Number.isInteger(value));
  if (fits) return;
  const kind = range.whole === true ? "a whole number" : "a number";
  throw invalidValue(name, value, `${kind} from ${range.min} to ${range.max}`);
}

/** A number above 0 (`Infinity` included), or the default when the option is not given. */
export function positiveOption<D extends number | undefined>(
  name: string,
  value: unknown,
  byDefault: D,
): number | D {
  if (value === undefined) return byDefault;
  if (typeof value === "number" && value > 0) return value;
  throw invalidValue(name, value, "a number above 0");
}

/** True or false, or the default when the option is not given. */
export function booleanOption(name: string, value: unknown, byDefault: boolean): boolean {
  if (value === undefined) return byDefault;
  if (typeof value === "boolean") return value;
  throw invalidValue(name, value, "true or false");
}

/** A copy of the interceptors, so that a later change of the caller's array changes no transport. */
export function interceptorsOption(value: readonly Interceptor[] | undefined): Interceptor[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === "function")) return [...value];
  throw invalidOption("interceptors: invalid value (expected an array of functions)");
}

/** Rejects a clock without timers where it is given: otherwise the first wait would fail. */
export function checkClock(owner: string, clock: Partial<Clock> | undefined): void {
  if (clock === undefined) return;
  if (typeof clock?.now === "function" && typeof clock.startTimer === "function") return;
  throw invalidOption(`${owner}: clock: invalid value (expected an object with now() and startTimer())`);
}
