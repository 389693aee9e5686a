// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import { CallError } from "../codec/call-error.js";

/** What is wrong with the options of a transport: thrown where it is made, before there is any call. */
export function optionRefusal(message: string, cause?: unknown): CallError {
  return new CallError({ code: Code.InvalidArgument, message, cause, requestSent: false });
}

/** Refuses what is no options object, and options that `factory` does not have: a misspelt one would be ignored in silence. */
export function checkOptionNames(factory: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw optionRefusal(`${factory}: options is ${String(options)}; expected an object`);
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw optionRefusal(`${factory}: unknown option ${name}; expected some of ${names.join(", ")}`);
    }
  }
}

/** A number above 0 (`Infinity` included), or the default when the option is not given. */
export function positiveOption<D extends number | undefined>(
  name: string,
  value: unknown,
  byDefault: D,
): number | D {
  if (value === undefined) return byDefault;
  if (typeof value === "number" && value > 0) return value;
  throw optionRefusal(`${name} is ${String(value)}; expected a number above 0`);
}

/** True or false, or the default when the option is not given. */
export function booleanOption(name: string, value: unknown, byDefault: boolean): boolean {
  if (value === undefined) return byDefault;
  if (typeof value === "boolean") return value;
  throw optionRefusal(`${name} is ${String(value)}; expected true or false`);
}

/** A copy of the interceptors, so that a later change of the caller's array changes no transport. */
export function interceptorsOption(value: readonly Interceptor[] | undefined): Interceptor[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === "function")) return [...value];
  throw optionRefusal("interceptors is not an array of functions");
}
