// SPDX-License-Identifier: Apache-2.0
import { HttpFailure, type HttpFailureKind } from "./http-client.js";

/** Which `code`s of an error mean what: errno names, undici's, llhttp's, zlib's, OpenSSL's. The first that fits counts. */
const KINDS: readonly (readonly [RegExp, HttpFailureKind])[] = [
  [/^UND_ERR_(CLOSED|DESTROYED)$/, "closed"],
  [/^UND_ERR_(INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT_LENGTH_MISMATCH)$/, "request"],
  // The end came too early: the parser's and the length's way to say that the connection broke.
  [/^(HPE_INVALID_EOF_STATE|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/, "connection"],
  [/^(HPE_|Z_|ERR__ERROR_FORMAT|UND_ERR_HEADERS_OVERFLOW$)/, "answer"],
];

/** Codes of errors that happen before a connection stands, so that nothing can have been sent: the last line is TLS. */
const NEVER_SENT = new RegExp(
  "^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$" +
    "|CERT|SELF_SIGNED|HOSTNAME_MISMATCH|^UNABLE_TO_|^ERR_TLS|^ERR_SSL",
);

/**
 * An error of the platform's in the words of the seam: which server, what happened, the code.
 *
 * @param sent whether the request went out; `undefined` when the engine cannot tell, and the error's code must
 */
export function fromEngineError(error: unknown, origin: string, sent?: boolean): HttpFailure {
  if (error instanceof HttpFailure) return error;
  const { code, name, message } = innermost(error);
  // A parser error may come without a code: its name is one.
  const [, kind = name === "HTTPParserError" ? "answer" : "connection"] =
    KINDS.find(([codes]) => codes.test(code)) ?? [];
  const requestSent = sent ?? !(kind === "request" || NEVER_SENT.test(code));
  const suffix = code === "" || message.includes(code) ? "" : ` (${code})`;
  return new HttpFailure(`${origin}: ${message}${suffix}`, kind, requestSent, error);
}

/** `fetch` says "fetch failed" for everything and keeps what happened as the cause; so does an error for several addresses. */
function innermost(error: unknown): { code: string; name: string; message: string } {
  let found = fieldsOf(error);
  for (let depth = 0; depth < 8; depth++) {
    const inner = found.errors instanceof Object ? Object.values(found.errors)[0] : found.cause;
    const fields = fieldsOf(inner);
    if (found.code !== undefined && found.message !== "") break;
    if (fields.message === undefined) break;
    found = fields;
  }
  return {
    code: typeof found.code === "string" ? found.code : "",
    name: String(found.name ?? ""),
    message: String(found.message || "the request failed"),
  };
}

interface ErrorFields {
  readonly code?: unknown;
  readonly name?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Not `instanceof Error`: under Jest and in `vm` contexts the platform's errors belong to another realm. */
function fieldsOf(error: unknown): ErrorFields {
  return typeof error === "object" && error !== null ? error : {};
}
