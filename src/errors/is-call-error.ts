// SPDX-License-Identifier: Apache-2.0

import type { CallError } from "./call-error.js";

/** Marks CallErrors across copies of this library: a program may hold an ES module and a CommonJS one. */
export const CALL_ERROR: unique symbol = Symbol.for("longrunning.CallError") as never; // registered, which no type says

/** Whether a caught value is a {@link CallError}, from whichever copy of this library. Does not load the class. */
export function isCallError(value: unknown): value is CallError {
  return typeof value === "object" && value !== null && CALL_ERROR in value;
}
