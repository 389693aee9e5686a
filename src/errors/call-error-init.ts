// SPDX-License-Identifier: Apache-2.0

import type { Registry } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { codeName } from "../names/code-name.js";
import { shortNameOf } from "../names/method-name.js";
import type { ErrorDetail } from "./error-details.js";

/** What a CallError is made of. */
export interface CallErrorInit {
  readonly code: Code;
  /** The server's own message, or this library's when nothing was sent. Method, name and advice are put around it. */
  readonly message: string;
  /** The method's full name, `google.longrunning.Operations.CancelOperation`. */
  readonly method?: string | undefined;
  readonly operationName?: string | undefined;
  /** Headers and trailers of the response. Never those of the request, which hold credentials. */
  readonly metadata?: HeadersInit | undefined;
  readonly details?: readonly ErrorDetail[] | undefined;
  readonly cause?: unknown;
  readonly httpStatus?: number | undefined;
  /** Whether the request may have reached the server. */
  readonly requestSent: boolean;
  /** @default 1 */
  readonly attempts?: number | undefined;
  /** @default what follows from the code and the method */
  readonly reason?: CallErrorReason | undefined;
  /** What to do, for the end of `message`. @default what follows from the reason, the details and the cause */
  readonly advice?: string | undefined;
  /** Types of details, for `toJSON`. @default those that every call knows */
  readonly registry?: Registry | undefined;
  /** Whether the method starts an operation: when its response is lost, one may be running. @default false */
  readonly startsOperation?: boolean | undefined;
}

/** The context of a call that failed. */
export interface CallErrorContext {
  readonly method?: string | undefined;
  readonly operationName?: string | undefined;
  /** @default true, since "the server cannot have seen it" is the claim that needs proof */
  readonly requestSent?: boolean | undefined;
  readonly attempts?: number | undefined;
  readonly reason?: CallErrorReason | undefined;
  /** Types of details, for `toJSON`. @default those that every call knows */
  readonly registry?: Registry | undefined;
  /** Whether the method starts an operation: when its response is lost, one may be running. @default false */
  readonly startsOperation?: boolean | undefined;
}

/**
 * Why a call failed: a closed list for a `switch`. One for each code, and three where the code alone does not
 * tell:
 *
 * - `cancel-unsupported`: the server responded UNIMPLEMENTED to CancelOperation; the operation runs on.
 * - `aborted-by-caller`: our own side gave up, because the caller's AbortSignal said so. `cancelled-call` is
 *   CANCELLED as a response. Neither says anything about the operation.
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

/** The codes whose reason says more than their name does. */
const OWN_REASONS: Readonly<Partial<Record<Code, CallErrorReason>>> = {
  [Code.Canceled]: "cancelled-call",
  [Code.ResourceExhausted]: "rate-limited",
};

/**
 * The reason that follows from a code and the method that was called, where its caller knows nothing better.
 */
export function reasonOf(code: Code, method: string | undefined, requestSent: boolean): CallErrorReason {
  // Only a server can say that it does not cancel: without a request, CancelOperation lacks a binding.
  if (
    code === Code.Unimplemented &&
    requestSent &&
    method !== undefined &&
    shortNameOf(method) === "CancelOperation"
  ) {
    return "cancel-unsupported";
  }
  if (Code[code] === undefined) return "unknown";
  // "NOT_FOUND" is "not-found"; the type is the list of both.
  return OWN_REASONS[code] ?? (codeName(code).toLowerCase().replaceAll("_", "-") as CallErrorReason);
}
