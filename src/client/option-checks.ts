// SPDX-License-Identifier: Apache-2.0
import {
  booleanOption,
  checkMethods,
  checkNumber,
  invalidOption,
  invalidValue,
  type Range,
  rejectUnknownKeys,
} from "../errors/options.js";

/** Throws for a value that an option does not take. */
type Check = (name: string, value: unknown) => unknown;

/** For each option its check; `true` where whoever reads it checks it. */
export type Checks<Options = Record<string, unknown>> = Readonly<Record<keyof Options, Check | true>>;

/**
 * Checks a bag of options before anything is sent: its keys, and what each of them is.
 *
 * @throws TypeError for an unknown key, and for a value of another kind
 */
export function checkOptions(owner: string, options: object, checks: Checks): void {
  rejectUnknownKeys(owner, options, checks);
  for (const key in checks) {
    const check = checks[key];
    const value: unknown = Reflect.get(options, key);
    if (typeof check === "function" && value !== undefined) check(`${owner}: ${key}`, value);
  }
}

export const checkBoolean: Check = (name, value) => booleanOption(name, value, false);

export const checkText: Check = (name, value) => {
  if (typeof value !== "string") throw invalidValue(name, value, "text");
};

/** Not `instanceof`: a signal may come from another realm, or from a polyfill. */
export const checkSignal: Check = (name, value) => {
  if (typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value)
    return;
  throw invalidOption(`${name}: invalid value (expected an AbortSignal)`);
};

export const checkSchema: Check = (name, value) => {
  if (typeof value === "object" && value !== null && "kind" in value && value.kind === "message") return;
  throw invalidOption(`${name}: invalid value (expected the schema of a message)`);
};

/** A value that is missing would be sent as the word `undefined` or `null`. */
export const checkHeaders: Check = (name, value) => {
  if (typeof value !== "object" || value === null)
    throw invalidValue(name, value, "an object, an array of pairs or Headers");
  const pairs: readonly unknown[] =
    Symbol.iterator in value ? (Array.isArray(value) ? value : []) : Object.entries(value);
  for (const pair of pairs) {
    if (!Array.isArray(pair) || (pair[1] !== undefined && pair[1] !== null)) continue;
    throw invalidValue(`${name}: ${pair[0]}`, pair[1], "text, or no such header");
  }
};

export const checkContextValues: Check = (name, value) => checkMethods(name, value, "get", "set");

/** Any number, or one within bounds. */
export function numberWithin({
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
  whole,
}: Partial<Range>): Check {
  return (name, value) => checkNumber(name, value, { min, max, whole });
}

/** One of a few words. */
export function oneOf(...words: readonly string[]): Check {
  return (name, value) => {
    const expected = words.map((word) => JSON.stringify(word)).join(" or ");
    if (!words.some((word) => word === value)) throw invalidValue(name, value, expected);
  };
}
