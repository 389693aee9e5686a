// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { CallError } from "../errors/call-error.js";

/** The error for an API, version or name that cannot be called: before anything is sent. */
export function invalidApi(
  message: string,
  about: { code?: Code; method?: string; operationName?: string } = {},
): CallError {
  return new CallError({ code: Code.InvalidArgument, ...about, message, requestSent: false });
}
