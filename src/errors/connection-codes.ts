// SPDX-License-Identifier: Apache-2.0

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

/** Whether a `code` of an error says that the connection failed. */
export function isConnectionCode(code: unknown): boolean {
  return CONNECTION_CODES.has(code);
}

/** The problem that a `code` stands for. */
export function problemOfCode(code: string): ConnectionProblem | undefined {
  return PROBLEMS.find(([codes]) => codes.test(code))?.[1];
}

/** The problem that an error's text describes. */
export function problemOfText(text: string): ConnectionProblem | undefined {
  return GRPC_JS_CERTIFICATE.test(text) ? "certificate" : undefined;
}

/** What to do about a problem that trying again does not mend. */
export function adviceOf(problem: ConnectionProblem): string | undefined {
  return ADVICE[problem];
}
