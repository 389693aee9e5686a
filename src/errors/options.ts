// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import { Code, type Interceptor } from "@connectrpc/connect";
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
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  const type = Object.prototype.toString.call(value).slice(8, -1);
  return type === "Object" ? "an object" : `a ${type}`;
}

/** Rejects what is no bag of options: a Map, a list or a Promise has no keys that could be wrong. */
export function checkObject(name: string, value: unknown): asserts value is object {
  if (typeof value !== "object" || value === null || Symbol.iterator in value || "then" in value)
    throw invalidValue(name, value, "an object");
}

/**
 * Rejects options that are not an object, each key that `keys` does not list, so that a typing error is heard of, and `null`,
 * which is no default.
 *
 * @param owner - the function that the options were given to
 * @param keys - made with `satisfies Record<keyof Options, …>`, so that no key is forgotten
 */
export function rejectUnknownKeys(
  owner: string,
  options: unknown,
  keys: Readonly<Record<string, unknown>>,
): void {
  checkObject(`${owner}: options`, options);
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(keys, key)) {
      const known = Object.keys(keys)
        .join(", ")
        .replace(/, (?=[^,]*$)/, " or ");
      throw invalidOption(`${owner}: unknown option ${shown(key)} (expected ${known})`);
    }
    if (value === null) throw invalidValue(`${owner}: ${key}`, value, "undefined for the default");
  }
}

/** The options, each that is not given from the defaults. */
export function withDefaults<T extends object>(
  options: { readonly [Key in keyof T]?: T[Key] | undefined },
  defaults: T,
): T {
  const complete = { ...defaults };
  for (const key in defaults) complete[key] = options[key] ?? defaults[key];
  return complete;
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
  const bounds = range.min === Number.NEGATIVE_INFINITY ? "" : ` from ${range.min} to ${range.max}`;
  throw invalidValue(name, value, `${kind}${bounds}`);
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

/** A copy of an array whose items all fit, so that a later change of the caller's array changes nothing. */
export function arrayOption<T>(
  name: string,
  value: readonly T[] | undefined,
  fits: (item: unknown) => boolean,
  expected: string,
): T[] {
  if (value === undefined) return [];
  // A copy has `undefined` for a hole, which `every` would pass over.
  const copy = Array.isArray(value) ? [...value] : undefined;
  if (copy?.every(fits) === true) return copy;
  throw invalidOption(`${name}: invalid value (expected an array of ${expected})`);
}

/** A copy of the interceptors. */
export function interceptorsOption(value: readonly Interceptor[] | undefined): Interceptor[] {
  return arrayOption("interceptors", value, (one) => typeof one === "function", "functions");
}

/** Error codes of gRPC by number, or the default. */
export function codesOption(
  name: string,
  value: readonly Code[] | undefined,
  byDefault: readonly Code[],
): readonly Code[] {
  if (value === undefined) return byDefault;
  return arrayOption(
    name,
    value,
    (code) => typeof code === "number" && Code[code] !== undefined,
    "codes, such as Code.Unavailable",
  );
}

/** Types for messages in an Any. Not `instanceof`: a registry may come from another copy of protobuf-es. */
export function registryOption(name: string, value: Registry | undefined): Registry | undefined {
  if (value === undefined || value?.kind === "registry") return value;
  throw invalidOption(`${name}: not a registry (expected one made by createRegistry of @bufbuild/protobuf)`);
}

/** Rejects what is no function. */
export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") throw invalidValue(name, value, "a function");
}

/** Rejects what does not have these methods. */
export function checkMethods(name: string, value: unknown, ...methods: readonly string[]): void {
  const has = (method: string) =>
    typeof value === "object" && value !== null && typeof Reflect.get(value, method) === "function";
  if (value === undefined || methods.every(has)) return;
  const expected = methods.map((method) => `${method}()`).join(" and ");
  throw invalidOption(`${name}: invalid value (expected an object with ${expected})`);
}

/** Rejects a clock without timers where it is given: otherwise the first wait would fail. */
export function checkClock(owner: string, clock: Partial<Clock> | undefined): void {
  checkMethods(`${owner}: clock`, clock, "now", "startTimer");
}
