// SPDX-License-Identifier: Apache-2.0

/** Marks CallErrors across copies of this library: a program may hold an ES module and a CommonJS one. */
export const CALL_ERROR: unique symbol = Symbol.for("longrunning.CallError") as never; // registered, which no type says

/** Whether a value has the mark. By itself, since the class and its type guard would import each other. */
export function hasCallErrorBrand(value: unknown): boolean {
  return typeof value === "object" && value !== null && CALL_ERROR in value;
}
