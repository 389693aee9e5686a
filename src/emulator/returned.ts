// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";

/**
 * Returns what the implementation of a method returned. One in JavaScript may forget its `return`; an empty message would hide it.
 *
 * @throws ConnectError Internal for anything but an object
 */
export function requireReturned(returned: unknown, selector: string, expected: string): object {
  if (typeof returned === "object" && returned !== null) return returned;
  throw new ConnectError(
    `the implementation of ${selector} returned ${returned === null ? "null" : typeof returned}; expected a ${expected}`,
    Code.Internal,
  );
}
