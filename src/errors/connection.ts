// SPDX-License-Identifier: Apache-2.0

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
 * `code`s of errors that say "the connection failed": libuv's errno names and undici's own. A TLS or protocol
 * error is not among them, since trying again does not mend it.
 */
const CONNECTION_CODES: ReadonlySet<unknown> = new Set([
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
    if (CONNECTION_CODES.has(code) || (name === "TypeError" && BROWSER_MESSAGES.test(String(message)))) {
      return typeof message === "string" && message !== "" ? message : String(code);
    }
  }
  return undefined;
}

/**
 * What is wrong with a connection that could not be made.
 *
 * - `certificate`: the server's certificate is not trusted, has expired or is for another name, or the server asks for ours.
 * - `protocol`: both sides do not speak the same protocol, e.g. TLS to a plain port.
 * - `unreachable`: no address, no route, or nobody listens there.
 */
export type ConnectionProblem = "certificate" | "protocol" | "unreachable";

/** Codes of Node's errors, and OpenSSL's names in them. The first pattern that fits counts. */
const PROBLEMS: readonly (readonly [RegExp, ConnectionProblem])[] = [
  [
    /CERT|SELF_SIGNED|HOSTNAME_MISMATCH|^INVALID_(CA|PURPOSE)$|UNKNOWN_CA$|^UNABLE_TO_|CA_(MD|KEY)_TOO_/,
    "certificate",
  ],
  [/^(EPROTO|HPE_INVALID_(CONSTANT|VERSION|HEADER_TOKEN))$/, "protocol"],
  [/^ERR_SSL_.*(WRONG_VERSION|VERSION_TOO_|UNSUPPORTED_PROTOCOL|UNKNOWN_PROTOCOL|NO_PROTOCOLS)/, "protocol"],
  [/^ERR_SSL_.*(HTTP_REQUEST|HTTPS_PROXY_REQUEST|PACKET_LENGTH_TOO_LONG|NO_SHARED_CIPHER)/, "protocol"],
  [
    /^ERR_SSL_.*ALERT_(PROTOCOL_VERSION|HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY|NO_APPLICATION_PROTOCOL)/,
    "protocol",
  ],
  [/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/, "unreachable"],
];

/** What to do, for those that trying again does not mend. */
const ADVICE: Readonly<Partial<Record<ConnectionProblem, string>>> = {
  certificate:
    "check the host; to trust a certificate authority of your own, set NODE_EXTRA_CA_CERTS or pass tls.ca",
  protocol: "check the scheme (https or http), the port, and that the server speaks this protocol",
};

/** grpc-js says why it has no connection in its text alone. */
const GRPC_JS_CERTIFICATE = /^No connection established\b.*(certificate|unable to verify|altnames)/i;

/** Why the connection of a failed call could not be made; `undefined` when it was made, or when the reason is unknown. */
export function connectionProblemOf(error: unknown): ConnectionProblem | undefined {
  for (const { code } of errorsIn(error)) {
    const found = typeof code === "string" && PROBLEMS.find(([codes]) => codes.test(code));
    if (found) return found[1];
  }
  const { status, message } = fieldsOf(error);
  const text = fieldsOf(status).message ?? message;
  return GRPC_JS_CERTIFICATE.test(String(text)) ? "certificate" : undefined;
}

/** What to do about a connection that trying again does not make; `undefined` when it might. */
export function connectionAdvice(problem: ConnectionProblem | undefined): string | undefined {
  return problem && ADVICE[problem];
}
