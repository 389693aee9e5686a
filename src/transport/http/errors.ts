// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { isNeverSent, kindOfCode } from "#engine-codes";
import { CallError } from "../../errors/call-error.js";
import { fieldsOf } from "../../errors/connection.js";

/** Why a request got no response that can be read. */
export type HttpErrorKind =
  /** No connection, or it broke: refused, reset, unresolved, not trusted. */
  | "connection"
  /** Bytes came, but they are not HTTP, or the body cannot be decompressed. */
  | "response"
  /** The headers are larger than this side takes. */
  | "limit"
  /** The request was not fit to be sent: an illegal header. */
  | "request"
  /** A proxy will not connect to the server, or is not configured as it should be. */
  | "proxy"
  /** The transport was closed before. */
  | "closed";

const CODES: Readonly<Record<HttpErrorKind, Code>> = {
  connection: Code.Unavailable,
  response: Code.Internal,
  limit: Code.ResourceExhausted,
  request: Code.InvalidArgument,
  proxy: Code.FailedPrecondition,
  closed: Code.FailedPrecondition,
};

/** A request that got no readable response. */
export class HttpError extends Error {
  override readonly name = "HttpError";

  constructor(
    message: string,
    readonly kind: HttpErrorKind,
    /** Whether any of the request may have reached the server. */
    readonly requestSent: boolean,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** The error for a request to a transport that was closed. */
export function closedError(): HttpError {
  return new HttpError("the transport is closed; create another one", "closed", false);
}

/** The CallError of an HttpError; anything else stays as it is. */
export function fromHttpError(error: unknown): unknown {
  if (!(error instanceof HttpError)) return error;
  const { kind, message, requestSent } = error;
  const text = kind === "connection" ? `the connection failed: ${message}` : message;
  const reason = kind === "limit" ? "response-too-large" : undefined;
  return new CallError({ code: CODES[kind], reason, message: text, cause: error, requestSent });
}

/**
 * An error of the platform's as an HttpError: which server, what happened, the code.
 *
 * @param sent whether the request went out; `undefined` when the engine does not know; then the error's code decides
 */
export function fromEngineError(error: unknown, origin: string, sent?: boolean): HttpError {
  if (error instanceof HttpError) return error;
  const { code, name, message } = innermost(error);
  // A parser error may come without a code: its name is one.
  const kind = kindOfCode(code) ?? (name === "HTTPParserError" ? "response" : "connection");
  const requestSent = kind !== "request" && (sent ?? !isNeverSent(code));
  const suffix = code === "" || message.includes(code) ? "" : ` (${code})`;
  return new HttpError(`${origin}: ${message}${suffix}`, kind, requestSent, error);
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
