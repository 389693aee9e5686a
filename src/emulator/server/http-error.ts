// SPDX-License-Identifier: Apache-2.0
import { type Code, ConnectError } from "@connectrpc/connect";

/** An error that wants an HTTP status of its own, where the code's usual one would say less. */
export type HttpError = ConnectError & { readonly httpStatus: number };

/** An error of HTTP itself: a path, a method, a size, a content type. */
export function httpError(
  httpStatus: number,
  code: Code,
  message: string,
  headers: HeadersInit = {},
): HttpError {
  return Object.assign(new ConnectError(message, code, headers), { httpStatus });
}

/** Whether an error has an HTTP status of its own. */
export function isHttpError(error: ConnectError): error is HttpError {
  return "httpStatus" in error && typeof error.httpStatus === "number";
}
