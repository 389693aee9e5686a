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

/** What an option takes: what a function does not throw for, a number within bounds, or one of a few words. */
type Check = ((name: string, value: unknown) => unknown) | Range | readonly string[];

/** For each option what it takes; `true` where whoever reads it checks it. */
export type Checks<Options = Record<string, unknown>> = Readonly<Record<keyof Options, Check | true>>;

/**
 * Checks a bag of options before anything is sent: its keys, and what each of them is.
 *
 * @throws TypeError for an unknown key, and for a value of another kind
 */
export function checkOptions(owner: string, options: object, checks: Checks): void {
  rejectUnknownKeys(owner, options, checks);
  for (const key in checks) {
    const value: unknown = Reflect.get(options, key);
    const check = checks[key];
    if (value === undefined || check === undefined || check === true) continue;
    checkOption(`${owner}: ${key}`, value, check);
  }
}

function checkOption(name: string, value: unknown, check: Check): void {
  if (typeof check === "function") check(name, value);
  else if ("min" in check) checkNumber(name, value, check);
  else if (!check.some((word) => word === value)) {
    throw invalidValue(name, value, check.map((word) => JSON.stringify(word)).join(" or "));
  }
}

export const checkSomeNumber = (name: string, value: unknown) =>
  checkNumber(name, value, { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY });

export const checkBoolean = (name: string, value: unknown) => booleanOption(name, value, false);

export const checkText = (name: string, value: unknown) => {
  if (typeof value !== "string") throw invalidValue(name, value, "text");
};

/** Not `instanceof`: a signal may come from another realm, or from a polyfill. */
export const checkSignal = (name: string, value: unknown) => {
  const members = ["aborted", "addEventListener", "removeEventListener"];
  if (typeof value === "object" && value !== null && members.every((member) => member in value)) return;
  throw invalidOption(`${name}: invalid value (expected an AbortSignal)`);
};

export const checkSchema = (name: string, value: unknown) => {
  if (typeof value === "object" && value !== null && "kind" in value && value.kind === "message") return;
  throw invalidOption(`${name}: invalid value (expected the schema of a message)`);
};

/** A value that is missing would be sent as the word `undefined` or `null`. */
export const checkHeaders = (name: string, value: unknown) => {
  if (typeof value !== "object" || value === null)
    throw invalidValue(name, value, "an object, an array of pairs or Headers");
  const pairs: readonly unknown[] =
    Symbol.iterator in value ? (Array.isArray(value) ? value : []) : Object.entries(value);
  for (const pair of pairs) {
    if (!Array.isArray(pair) || (pair[1] !== undefined && pair[1] !== null)) continue;
    throw invalidValue(`${name}: ${pair[0]}`, pair[1], "text, or no such header");
  }
};

export const checkContextValues = (name: string, value: unknown) => checkMethods(name, value, "get", "set");
