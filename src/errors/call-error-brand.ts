// SPDX-License-Identifier: Apache-2.0

/** Marks CallErrors across copies of this library: a program may hold an ES module and a CommonJS one. */
export const CALL_ERROR: unique symbol = Symbol.for("longrunning.CallError") as never; // registered, which no type says

/** Whether a value has the mark. By itself, since the class and its type guard would import each other. */
export function hasCallErrorBrand(value: unknown): boolean {
  try {
    return typeof value === "object" && value !== null && CALL_ERROR in value;
  } catch {
    return false; // a proxy that throws; a program asks this in its own `catch`
  }
}
