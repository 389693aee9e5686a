// SPDX-License-Identifier: Apache-2.0

import { Code, ConnectError } from "@connectrpc/connect";
import type { CallErrorInit } from "./call-error-init.js";
import { withoutCredentials } from "./call-error-text.js";
import { findConnectionFailure } from "./connection-error.js";

/** What an error of another make says, in the terms of a CallError. */
export type ForeignError = Pick<
  CallErrorInit,
  "code" | "message" | "metadata" | "details" | "cause" | "reason"
>;

/**
 * Reads an error that is no CallError: a ConnectError of somebody else's transport, a DOMException of an
 * AbortSignal, a failure of the network or of the program.
 *
 * A failed connection is UNAVAILABLE, whatever it was called on the way (Connect has ABORTED for ECONNRESET,
 * and UNKNOWN for a failed `fetch`). The DOMException of an AbortSignal is `aborted-by-caller`: no server
 * sends one.
 */
export function fromForeignError(error: unknown): ForeignError {
  if (error instanceof ConnectError) {
    return fromConnectError(error);
  }
  const { name, message } = fieldsOf(error);
  if (name === "AbortError" || name === "TimeoutError") {
    return { code: Code.Canceled, message: String(message), cause: error, reason: "aborted-by-caller" };
  }
  const lost = findConnectionFailure(error);
  if (lost !== undefined) {
    return { code: Code.Unavailable, ...safely(connectionFailed(lost.message), error) };
  }
  return { code: Code.Unknown, ...safely(String(message), error) };
}

function fromConnectError({ code, rawMessage, metadata, details, cause }: ConnectError): ForeignError {
  const ours = code === Code.Canceled || code === Code.DeadlineExceeded; // an abort also breaks connections
  const lost = ours ? undefined : findConnectionFailure(cause);
  if (lost !== undefined) {
    return { code: Code.Unavailable, metadata, details, ...safely(connectionFailed(lost.message), cause) };
  }
  // Connect's own words for a deadline: it was the call's, and nothing is known of the operation.
  if (code === Code.DeadlineExceeded && rawMessage === "the operation timed out") {
    return { code, metadata, details, message: "the call timed out", cause };
  }
  // An error from the wire has no cause, and its message is the server's: that one stays as it is.
  const said = cause === undefined ? { message: rawMessage } : safely(rawMessage, cause);
  return { code, metadata, details, ...said };
}

function connectionFailed(message: string): string {
  return `the connection failed: ${message}`;
}

/**
 * Message and cause without credentials. A cause whose message has them is not kept: who prints it would
 * print them.
 */
function safely(message: string, cause: unknown): { message: string; cause: unknown } {
  const safe = withoutCredentials(message);
  return { message: safe, cause: safe === message ? cause : undefined };
}

/**
 * Not `instanceof Error`: errors of Node itself belong to another realm when the caller runs in a `vm`
 * context, as under Jest.
 */
function fieldsOf(error: unknown): { readonly name?: unknown; readonly message?: unknown } {
  if (typeof error === "object" && error !== null && "message" in error) {
    return error;
  }
  return { message: typeof error === "string" ? error : `a value of type ${typeof error} was thrown` };
}
