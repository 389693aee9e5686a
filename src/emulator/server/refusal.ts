// SPDX-License-Identifier: Apache-2.0
import { type Code, ConnectError } from "@connectrpc/connect";

/** An error that wants an HTTP status of its own, where the code's usual one would say less. */
export type Refusal = ConnectError & { readonly httpStatus: number };

/** What HTTP itself refuses in a request: a path, a method, a size, a content type. */
export function refusal(httpStatus: number, code: Code, message: string, headers: HeadersInit = {}): Refusal {
  return Object.assign(new ConnectError(message, code, headers), { httpStatus });
}

/** Whether an error has an HTTP status of its own. */
export function isRefusal(error: ConnectError): error is Refusal {
  return "httpStatus" in error && typeof error.httpStatus === "number";
}
