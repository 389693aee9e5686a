// SPDX-License-Identifier: Apache-2.0

/**
 * `code`s of errors that say "the connection failed": libuv's errno names and undici's own. A TLS or protocol
 * error is not among them, since trying again does not mend it.
 */
const connectionCodes: ReadonlySet<unknown> = new Set([
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "ENETDOWN",
  "ENETUNREACH",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

/**
 * What browsers put into the `TypeError` of a `fetch` that got no answer; they give no code (Chromium,
 * WebKit, Firefox).
 */
const browserMessages = /^(Failed to fetch|Load failed|NetworkError when attempting to fetch resource\.?)$/;

/** So many errors of a tree of causes are looked at, so that a chain that bites its tail ends. */
const MAX_ERRORS = 32;

/**
 * Whether an error says that the server could not be reached or that the connection to it was lost: the
 * failures that AIP-194 retries, as UNAVAILABLE. Looks through `cause`, and through the `errors` of an
 * AggregateError (several addresses tried).
 */
export function isConnectionFailure(error: unknown): boolean {
  return findConnectionFailure(error) !== undefined;
}

/**
 * The first error that {@link isConnectionFailure} goes by, from the outside in: its message names the
 * socket.
 */
export function findConnectionFailure(error: unknown): { readonly message: string } | undefined {
  const queue = [error];
  for (let at = 0; at < Math.min(queue.length, MAX_ERRORS); at++) {
    const { name, message, code, cause, errors } = fieldsOf(queue[at]);
    if (connectionCodes.has(code) || (name === "TypeError" && browserMessages.test(String(message)))) {
      return { message: typeof message === "string" && message !== "" ? message : String(code) };
    }
    queue.push(cause, ...(Array.isArray(errors) ? errors : []));
  }
  return undefined;
}

interface ErrorFields {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/**
 * Not `instanceof Error`: Node's own errors belong to another realm when the caller runs in a `vm` context,
 * as under Jest.
 */
function fieldsOf(error: unknown): ErrorFields {
  return typeof error === "object" && error !== null ? error : {};
}
