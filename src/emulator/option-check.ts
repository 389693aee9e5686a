// SPDX-License-Identifier: Apache-2.0
import { create, isMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { type Status, StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { checkNumber, checkObject, invalidValue } from "../errors/options.js";
import { codeOfName } from "../names/code-name.js";

/** A duration in milliseconds: 0 or more, `Infinity` allowed. */
export function checkMs(name: string, value: number): number {
  if (typeof value === "number" && value >= 0) return value;
  throw invalidValue(name, value, "milliseconds, 0 or more");
}

/** A whole number of things, 1 or more. */
export function checkCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw invalidValue(name, value, "a whole number, 1 or more");
}

/** An array, of what its user checks. */
export function checkArray<T>(name: string, value: readonly T[]): readonly T[] {
  if (Array.isArray(value)) return value;
  throw invalidValue(name, value, "an array");
}

/** An array of texts that are not empty. */
export function checkTexts(name: string, value: readonly string[]): readonly string[] {
  for (const [at, text] of checkArray(name, value).entries()) checkText(`${name}[${at}]`, text);
  return value;
}

/** A text that is not empty. */
export function checkText(name: string, value: unknown): void {
  if (typeof value !== "string" || value === "") throw invalidValue(name, value, "text that is not empty");
}

/** A google.rpc.Code as a number, not 0. The error for a code's name gives its number. */
export function checkCode(name: string, code: unknown): void {
  if (typeof code === "number" && Number.isSafeInteger(code) && code > 0) return;
  const named = typeof code === "string" ? (codeOfName(code) ?? 0) : 0;
  if (named > 0) throw invalidValue(name, code, `Code.${Code[named]} (${named})`);
  throw invalidValue(name, code, `a Code other than OK, such as Code.Unavailable (${Code.Unavailable})`);
}

/** A google.protobuf.Any. */
export function checkAny(name: string, value: unknown): void {
  if (!isMessage(value, AnySchema))
    throw invalidValue(name, value, "a google.protobuf.Any, as anyPack makes it");
}

/** The status of an error, which is not OK. */
export function statusOption(name: string, init: MessageInitShape<typeof StatusSchema>): Status {
  checkObject(name, init);
  const { code, message = "", details = [] } = init;
  checkCode(`${name}.code`, code);
  if (typeof message !== "string") throw invalidValue(`${name}.message`, message, "text");
  for (const [at, detail] of checkArray(`${name}.details`, details).entries())
    checkObject(`${name}.details[${at}]`, detail);
  return create(StatusSchema, init);
}

/** Where random numbers start: any whole number. */
export function checkSeed(seed: number): number {
  const { MIN_SAFE_INTEGER: min, MAX_SAFE_INTEGER: max } = Number;
  checkNumber("seed", seed, { min, max, whole: true });
  return seed;
}

/** One of a closed list of words. */
export function checkOneOf<T extends string>(name: string, value: T, words: readonly T[]): T {
  if (words.includes(value)) return value;
  throw invalidValue(name, value, `one of ${words.join(", ")}`);
}
