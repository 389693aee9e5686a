// SPDX-License-Identifier: Apache-2.0
import { adviceOf, isConnectionCode, problemOfCode, problemOfText } from "#connection-codes";
import type { ConnectionProblem } from "./connection-codes.js";

/** The fields of an error that say what happened. */
export interface ErrorFields {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  /** Of an AggregateError: one for each address that was tried. */
  readonly errors?: unknown;
  /** A CallError's, whose message is without the advice around it. */
  readonly status?: unknown;
}

/**
 * An error's fields. Not by `instanceof Error`: errors of the platform belong to another realm when the caller runs in a
 * `vm` context, as under Jest.
 */
export function fieldsOf(error: unknown): ErrorFields {
  return typeof error === "object" && error !== null ? error : {};
}

/** So many errors of a tree of causes are read, so that a chain that bites its tail ends. */
const MAX_ERRORS = 32;

/** An error, its causes and the errors within an AggregateError, from the outside in. */
function* errorsIn(error: unknown): Generator<ErrorFields, void, undefined> {
  const queue = [error];
  for (let at = 0; at < Math.min(queue.length, MAX_ERRORS); at++) {
    const fields = fieldsOf(queue[at]);
    yield fields;
    queue.push(fields.cause, ...(Array.isArray(fields.errors) ? fields.errors : []));
  }
}

/**
 * What browsers put into the `TypeError` of a `fetch` that got no response; they give no code (Chromium, WebKit,
 * Firefox).
 */
const BROWSER_MESSAGES = /^(Failed to fetch|Load failed|NetworkError when attempting to fetch resource\.?)$/;

/**
 * The message of the first error, from the outside in, that says that the server could not be reached or that the
 * connection to it was lost: what AIP-194 retries, as UNAVAILABLE. `undefined` when none says so.
 */
export function connectionErrorIn(error: unknown): string | undefined {
  for (const { name, message, code } of errorsIn(error)) {
    if (isConnectionCode(code) || (name === "TypeError" && BROWSER_MESSAGES.test(String(message)))) {
      return typeof message === "string" && message !== "" ? message : String(code);
    }
  }
  return undefined;
}

export type { ConnectionProblem } from "./connection-codes.js";

/** Why the connection of a failed call could not be made; `undefined` when it was made, or when the reason is unknown. */
export function connectionProblemOf(error: unknown): ConnectionProblem | undefined {
  for (const { code } of errorsIn(error)) {
    const found = typeof code === "string" ? problemOfCode(code) : undefined;
    if (found !== undefined) return found;
  }
  const { status, message } = fieldsOf(error);
  const text = fieldsOf(status).message ?? message;
  return problemOfText(String(text));
}

/** What to do about a connection that trying again does not make; `undefined` when it might. */
export function connectionAdvice(problem: ConnectionProblem | undefined): string | undefined {
  return problem && adviceOf(problem);
}
