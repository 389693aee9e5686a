// SPDX-License-Identifier: Apache-2.0
import type { HttpErrorKind } from "./errors.js";

/** Which `code`s of an error mean what: Node's, llhttp's, zlib's, undici's. The first that fits counts. */
const KINDS: readonly (readonly [RegExp, HttpErrorKind])[] = [
  [/^UND_ERR_(CLOSED|DESTROYED)$/, "closed"],
  [/^(ERR_INVALID_CHAR|ERR_INVALID_HTTP_TOKEN|ERR_UNESCAPED_CHARACTERS)$/, "request"],
  [/^UND_ERR_(INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT_LENGTH_MISMATCH)$/, "request"],
  // The end came too early: the parser's and the length's way to say that the connection broke.
  [/^(HPE_INVALID_EOF_STATE|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/, "connection"],
  [/^(HPE_HEADER_OVERFLOW|HPE_CHUNK_EXTENSIONS_OVERFLOW|UND_ERR_HEADERS_OVERFLOW)$/, "limit"],
  [/^(HPE_|Z_|ERR__ERROR_FORMAT|ERR_BROTLI)/, "response"],
];

/** Codes of errors that happen before a connection stands, so that nothing can have been sent: the last line is TLS. */
const NEVER_SENT = new RegExp(
  "^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$" +
    "|CERT|SELF_SIGNED|HOSTNAME_MISMATCH|^UNABLE_TO_|^ERR_TLS|^ERR_SSL",
);

/** What a `code` of an engine's error means. */
export function kindOfCode(code: string): HttpErrorKind | undefined {
  return KINDS.find(([codes]) => codes.test(code))?.[1];
}

/** Whether an error with this `code` happens before anything is sent. */
export function isNeverSent(code: string): boolean {
  return NEVER_SENT.test(code);
}
