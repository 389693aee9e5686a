// SPDX-License-Identifier: Apache-2.0

import { Code } from "../../gen/google/rpc/code_pb.js";

/**
 * The name of a google.rpc.Code as the wire has it: `CANCELLED` for 1, with two l's, where Connect's enum has
 * `Code.Canceled`. A number that google/rpc/code.proto does not list gives `CODE_<n>`.
 */
export function codeName(code: number): string {
  return Code[code] ?? `CODE_${code}`;
}

/**
 * The number of a google.rpc.Code name: 5 for `NOT_FOUND`, 0 for `OK`, `undefined` for every other text.
 * Exact: no lower case, no `CANCELED`.
 */
export function codeOfName(name: string): number | undefined {
  // The enum is a two-way table, so that "5" is a key of it as well: only names lead to numbers.
  const code: unknown = Object.hasOwn(Code, name) ? Code[name as keyof typeof Code] : undefined;
  return typeof code === "number" ? code : undefined;
}
