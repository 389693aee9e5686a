// SPDX-License-Identifier: Apache-2.0

import { codeName, codeOfName } from "../../src/names/code-name.js";

// google/rpc/code.proto
const codes: [number, string][] = [
  [0, "OK"],
  [1, "CANCELLED"],
  [2, "UNKNOWN"],
  [3, "INVALID_ARGUMENT"],
  [4, "DEADLINE_EXCEEDED"],
  [5, "NOT_FOUND"],
  [6, "ALREADY_EXISTS"],
  [7, "PERMISSION_DENIED"],
  [8, "RESOURCE_EXHAUSTED"],
  [9, "FAILED_PRECONDITION"],
  [10, "ABORTED"],
  [11, "OUT_OF_RANGE"],
  [12, "UNIMPLEMENTED"],
  [13, "INTERNAL"],
  [14, "UNAVAILABLE"],
  [15, "DATA_LOSS"],
  [16, "UNAUTHENTICATED"],
];

test.each(codes)("code %i is %s, both ways", (code, name) => {
  expect(codeName(code)).toBe(name);
  expect(codeOfName(name)).toBe(code);
});

test("names a number that is no code by that number", () => {
  expect(codeName(17)).toBe("CODE_17");
});

test.each(["CANCELED", "not_found", "5", "", "toString", "__proto__"])("knows no code named %j", (name) => {
  expect(codeOfName(name)).toBeUndefined();
});
