// SPDX-License-Identifier: Apache-2.0

/** The names of google.rpc.Code, by number. Not from its stub, whose enum a bundle of one call would carry for them. */
const NAMES: readonly string[] = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

/**
 * The name of a google.rpc.Code as the wire has it: `CANCELLED` for 1, with two l's, where Connect's enum has
 * `Code.Canceled`. A number that google/rpc/code.proto does not list gives `CODE_<n>`.
 */
export function codeName(code: number): string {
  return NAMES[code] ?? `CODE_${code}`;
}

/**
 * The number of a google.rpc.Code name: 5 for `NOT_FOUND`, 0 for `OK`, `undefined` for every other text.
 * Exact: no lower case, no `CANCELED`.
 */
export function codeOfName(name: string): number | undefined {
  const code = NAMES.indexOf(name);
  return code < 0 ? undefined : code;
}
