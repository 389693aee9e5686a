// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { selectorOf } from "../names/method-name.js";

/**
 * Returns what the implementation of a method returned. One in JavaScript may forget its `return`; an empty message would hide it.
 *
 * @throws ConnectError Internal for anything but an object
 */
export function requireReturned(returned: unknown, method: DescMethod, expected: string): object {
  if (typeof returned === "object" && returned !== null) return returned;
  throw new ConnectError(
    `the implementation of ${selectorOf(method)} returned ${returned === null ? "null" : typeof returned}; expected a ${expected}`,
    Code.Internal,
  );
}
