// SPDX-License-Identifier: Apache-2.0
import { isCallError } from "../index.js";
import { UsageError } from "./usage-error.js";

/** Converts an error of the catalogue, caused by a mistyped flag or name, to a usage error. */
export function catalogueError(cause: unknown, options: { readonly next?: string } = {}): unknown {
  if (!isCallError(cause)) return cause;
  const text = cause.rawMessage.replace(/^(api|region): /, "--$1: ").replace(/^version: /, "--api: version ");
  return new UsageError(text, { ...options, cause });
}
