// SPDX-License-Identifier: Apache-2.0

import { Code } from "@connectrpc/connect";
import { shortNameOf } from "../names/method-name.js";

/**
 * Why a call failed: a closed list for a `switch`. One for each code, and three where the code alone does not
 * tell:
 *
 * - `cancel-unsupported`: the server answered UNIMPLEMENTED to CancelOperation; the operation runs on.
 * - `aborted-by-caller`: our own side gave up, because the caller's AbortSignal said so. `cancelled-call` is
 *   CANCELLED as an answer. Neither says anything about the operation.
 * - `response-too-large`: the response exceeds a limit of this client's own: `maxResponseBytes`, or those on headers, JSON
 *   nesting and number of values. The code is RESOURCE_EXHAUSTED, as everywhere in gRPC, but no quota is used up: such a
 *   call is never sent again by itself, and ends a wait at once.
 */
export type CallErrorReason =
  | "cancel-unsupported"
  | "unimplemented"
  | "not-found"
  | "already-exists"
  | "permission-denied"
  | "unauthenticated"
  | "failed-precondition"
  | "invalid-argument"
  | "rate-limited"
  | "response-too-large"
  | "unavailable"
  | "deadline-exceeded"
  | "aborted"
  | "aborted-by-caller"
  | "cancelled-call"
  | "out-of-range"
  | "internal"
  | "data-loss"
  | "unknown";

const reasonOfCode: Readonly<Record<Code, CallErrorReason>> = {
  [Code.Canceled]: "cancelled-call",
  [Code.Unknown]: "unknown",
  [Code.InvalidArgument]: "invalid-argument",
  [Code.DeadlineExceeded]: "deadline-exceeded",
  [Code.NotFound]: "not-found",
  [Code.AlreadyExists]: "already-exists",
  [Code.PermissionDenied]: "permission-denied",
  [Code.ResourceExhausted]: "rate-limited",
  [Code.FailedPrecondition]: "failed-precondition",
  [Code.Aborted]: "aborted",
  [Code.OutOfRange]: "out-of-range",
  [Code.Unimplemented]: "unimplemented",
  [Code.Internal]: "internal",
  [Code.Unavailable]: "unavailable",
  [Code.DataLoss]: "data-loss",
  [Code.Unauthenticated]: "unauthenticated",
};

/**
 * The reason that follows from a code and the method that was called, where its caller knows nothing better.
 */
export function reasonOf(code: Code, method: string | undefined, requestSent: boolean): CallErrorReason {
  // Only a server can say that it does not cancel: refused on our side, CancelOperation lacks a binding.
  if (
    code === Code.Unimplemented &&
    requestSent &&
    method !== undefined &&
    shortNameOf(method) === "CancelOperation"
  ) {
    return "cancel-unsupported";
  }
  return reasonOfCode[code] ?? "unknown";
}
