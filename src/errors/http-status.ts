// SPDX-License-Identifier: Apache-2.0

import { Code } from "@connectrpc/connect";

/** google/rpc/code.proto: each code's HTTP status. */
const statusOfCode: Readonly<Record<Code, number>> = {
  [Code.Canceled]: 499,
  [Code.Unknown]: 500,
  [Code.InvalidArgument]: 400,
  [Code.DeadlineExceeded]: 504,
  [Code.NotFound]: 404,
  [Code.AlreadyExists]: 409,
  [Code.PermissionDenied]: 403,
  [Code.Unauthenticated]: 401,
  [Code.ResourceExhausted]: 429,
  [Code.FailedPrecondition]: 400,
  [Code.Aborted]: 409,
  [Code.OutOfRange]: 400,
  [Code.Unimplemented]: 501,
  [Code.Internal]: 500,
  [Code.Unavailable]: 503,
  [Code.DataLoss]: 500,
};

/** The statuses that have a code of their own; every other one goes by its class. */
const codeOfStatus: ReadonlyMap<number, Code> = new Map([
  [400, Code.InvalidArgument],
  [401, Code.Unauthenticated],
  [403, Code.PermissionDenied],
  [404, Code.NotFound],
  [409, Code.Aborted],
  [416, Code.OutOfRange],
  [429, Code.ResourceExhausted],
  [499, Code.Canceled],
  [501, Code.Unimplemented],
  [503, Code.Unavailable],
  [504, Code.DeadlineExceeded],
]);

/**
 * The code that an HTTP status stands for when the body gives none, by the table that Google's clients and
 * servers share. It is not the table of gRPC proxies (`codeFromHttpStatus` of Connect), in which 400 is
 * INTERNAL and 404 UNIMPLEMENTED.
 *
 * Other 4xx are FAILED_PRECONDITION, other 5xx INTERNAL, everything else UNKNOWN. Never OK: ask for failed
 * calls only.
 */
export function codeFromHttpStatus(status: number): Code {
  const code = codeOfStatus.get(status);
  if (code !== undefined) {
    return code;
  }
  if (status >= 400 && status < 500) {
    return Code.FailedPrecondition;
  }
  return status >= 500 && status < 600 ? Code.Internal : Code.Unknown;
}

/**
 * The HTTP status of a code, by the comments of google/rpc/code.proto. Several codes share a status, so the
 * way back through {@link codeFromHttpStatus} is not exact: 409 is ABORTED, though ALREADY_EXISTS has it too.
 * A code outside the enum is 500.
 */
export function httpStatusFromCode(code: Code): number {
  return statusOfCode[code] ?? 500;
}
