// SPDX-License-Identifier: Apache-2.0
import { type Code, ConnectError } from "@connectrpc/connect";

/** Marks an error with a specific HTTP status, more precise than the usual one for its code. */
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

/** Whether an error has a specific HTTP status. */
export function isHttpError(error: ConnectError): error is HttpError {
  return "httpStatus" in error && typeof error.httpStatus === "number";
}
