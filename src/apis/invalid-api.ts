// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { CallError } from "../errors/call-error.js";
import { invalidValue } from "../errors/options.js";
import { shorten } from "../names/shorten.js";

const MAX_SHOWN = 200;

/** A caller's value, for an error message: short, and without the contents of an object. */
export function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(shorten(value, MAX_SHOWN)) : typeof value;
}

/** Rejects an argument or option of another type than text, as every function of this library does. @throws TypeError */
export function checkText(name: string, value: unknown, example: string): void {
  if (value !== undefined && typeof value !== "string")
    throw invalidValue(name, value, `text such as "${example}"`);
}

/** The error for an API, version or name that cannot be called; nothing was sent. */
export function invalidApi(
  message: string,
  about: { code?: Code; method?: string; operationName?: string } = {},
): CallError {
  return new CallError({ code: Code.InvalidArgument, ...about, message, requestSent: false });
}
