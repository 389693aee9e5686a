// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import type { CallError } from "../../errors/call-error.js";
import { connectionAdvice, connectionErrorIn, connectionProblemOf } from "../../errors/connection.js";
import { isOneOf } from "../../errors/rate-limit.js";

/**
 * What a failed poll means for a wait:
 *
 * - `permanent`: the wait ends at once, since polling again cannot help.
 * - `server`: the wait continues, but not after many in a row.
 * - `transient`: the wait continues.
 */
export type PollErrorKind = "permanent" | "server" | "transient";

/** What decides beside the error. */
export interface PollErrorContext {
  readonly transientCodes: readonly Code[];
  /** The operation is known to exist, or a server has been reached: then a lost connection will come back. */
  readonly isReached: boolean;
}

/** INTERNAL and UNKNOWN: a server's passing trouble or its bug (HTTP 500 and 502, a stream reset without a status). */
const SERVER_CODES: readonly Code[] = [Code.Internal, Code.Unknown];

/** Classifies the error of a failed poll, over every transport alike. README, "Watch and wait", has it as a table. */
export function pollErrorKind(error: CallError, context: PollErrorContext): PollErrorKind {
  const problem = connectionProblemOf(error);
  if (connectionAdvice(problem) !== undefined) return "permanent";
  if (!context.isReached && isNotSent(error)) return "permanent";
  if (!context.isReached && isBroken(error)) return "server";
  if (isOneOf(error, context.transientCodes)) return "transient";
  return SERVER_CODES.includes(error.code) && error.requestSent ? "server" : "permanent";
}

/** Whether a poll had a response, which shows that a server is there. */
export function hasResponse(error: CallError): boolean {
  return !isNotSent(error) && !isBroken(error);
}

/** Whether no server can have seen the poll. */
function isNotSent(error: CallError): boolean {
  return !error.requestSent || connectionProblemOf(error) !== undefined;
}

/** Whether the connection broke without a response. So does each one of plain HTTP to a port that expects TLS. */
function isBroken(error: CallError): boolean {
  return error.code === Code.Unavailable && connectionErrorIn(error.cause) !== undefined;
}
