// SPDX-License-Identifier: Apache-2.0

import type { CallError } from "./call-error.js";
import { hasCallErrorBrand } from "./call-error-brand.js";

/** Whether a caught value is a {@link CallError}, from whichever copy of this library. Does not load the class. */
export function isCallError(value: unknown): value is CallError {
  return hasCallErrorBrand(value);
}
