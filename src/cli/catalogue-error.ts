// SPDX-License-Identifier: Apache-2.0
import { isCallError } from "../index.js";
import { UsageError } from "./usage-error.js";

/** What the catalogue refuses is a flag or a name that was mistyped. */
export function catalogueError(cause: unknown, options: { readonly next?: string } = {}): unknown {
  if (!isCallError(cause)) return cause;
  const text = cause.rawMessage.replace(/^(api|region): /, "--$1: ").replace(/^version: /, "--api: version ");
  return new UsageError(text, { ...options, cause });
}
