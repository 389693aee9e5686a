// SPDX-License-Identifier: Apache-2.0

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

/** So many errors of a tree of causes are read, so that a chain that bites its tail ends. */
const MAX_ERRORS = 32;

/** Why the connection of a failed call could not be made; undefined when it was, or when nothing tells. */
export function connectionProblemOf(error: unknown): ConnectionProblem | undefined {
  const queue = [error];
  for (let at = 0; at < Math.min(queue.length, MAX_ERRORS); at++) {
    const { code, cause, errors } = fieldsOf(queue[at]);
    const found = typeof code === "string" && PROBLEMS.find(([codes]) => codes.test(code));
    if (found) return found[1];
    queue.push(cause, ...(Array.isArray(errors) ? errors : []));
  }
  const { status, message } = fieldsOf(error);
  return GRPC_JS_CERTIFICATE.test(status?.message ?? String(message)) ? "certificate" : undefined;
}

/** What to do about a connection that trying again does not make; undefined when it might. */
export function connectionAdvice(problem: ConnectionProblem | undefined): string | undefined {
  return problem && ADVICE[problem];
}

interface ErrorFields {
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly message?: unknown;
  /** A CallError's: its message without the advice around it. */
  readonly status?: { readonly message: string };
}

/** Not `instanceof Error`: under Jest and in `vm` contexts the platform's errors belong to another realm. */
function fieldsOf(error: unknown): ErrorFields {
  return typeof error === "object" && error !== null ? error : {};
}
