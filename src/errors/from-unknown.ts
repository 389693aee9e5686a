// SPDX-License-Identifier: Apache-2.0

import { Code, ConnectError } from "@connectrpc/connect";
import type { CallErrorInit } from "./call-error-init.js";
import { withoutCredentials } from "./call-error-text.js";
import { connectionErrorIn, fieldsOf } from "./connection.js";

/** An error that is no CallError, in the terms of one. */
export type UnknownError = Pick<
  CallErrorInit,
  "code" | "message" | "metadata" | "details" | "cause" | "reason"
>;

/**
 * Reads an error that is no CallError: a ConnectError of somebody else's transport, a DOMException of an
 * AbortSignal, an error of the network or of the program.
 *
 * A failed connection is UNAVAILABLE, whatever it was called on the way (Connect has ABORTED for ECONNRESET,
 * and UNKNOWN for a failed `fetch`). The DOMException of an AbortSignal is `aborted-by-caller`: no server
 * sends one.
 */
export function fromUnknown(error: unknown): UnknownError {
  if (error instanceof ConnectError) {
    return fromConnectError(error);
  }
  const { name, message = thrownText(error) } = fieldsOf(error);
  if (name === "AbortError" || name === "TimeoutError") {
    return { code: Code.Canceled, message: String(message), cause: error, reason: "aborted-by-caller" };
  }
  const lost = connectionErrorIn(error);
  if (lost !== undefined) {
    return { code: Code.Unavailable, ...safely(connectionFailed(lost), error) };
  }
  return { code: Code.Unknown, ...safely(String(message), error) };
}

function fromConnectError({ code, rawMessage, metadata, details, cause }: ConnectError): UnknownError {
  const ours = code === Code.Canceled || code === Code.DeadlineExceeded; // an abort also breaks connections
  const lost = ours ? undefined : connectionErrorIn(cause);
  if (lost !== undefined) {
    return { code: Code.Unavailable, metadata, details, ...safely(connectionFailed(lost), cause) };
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

/** The text for what is no error. */
function thrownText(value: unknown): string {
  return typeof value === "string" ? value : `a value of type ${typeof value} was thrown`;
}
