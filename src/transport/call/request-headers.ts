// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { CallError } from "../../errors/call-error.js";

/**
 * The caller's headers as a call begins: a copy, since they are completed for the wire.
 *
 * @throws CallError `InvalidArgument` for one that HTTP does not allow. It has no cause: the platform's error shows the
 * value, which may be a credential.
 */
export function callersHeaders(init: HeadersInit | undefined): Headers {
  try {
    return new Headers(init);
  } catch {
    const message = "a header of the call has a name or a value that HTTP does not allow";
    throw new CallError({ code: Code.InvalidArgument, message, requestSent: false });
  }
}
