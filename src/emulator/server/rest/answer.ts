// SPDX-License-Identifier: Apache-2.0
import type { JsonValue, Registry } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { toRestError } from "../../../errors/rest/rest-error.js";
import { stringifyJson } from "../../../json/json-text.js";
import type { ServerAnswer } from "../http-servers.js";
import { isRefusal } from "../refusal.js";

const JSON_TYPE = "application/json; charset=UTF-8";

/**
 * Headers of an error that describe its own body, or the connection it came on: not for the answer made of
 * it.
 */
const NOT_COPIED: ReadonlySet<string> = new Set(["content-type", "content-length", "transfer-encoding"]);

/** Answers JSON. HTTP/1.1 and 2 alike; an answer whose connection is gone is dropped. */
export function answerJson(answer: ServerAnswer, status: number, json: JsonValue, headers?: Headers): void {
  answerBytes(answer, status, { contentType: JSON_TYPE, data: stringifyJson(json) }, headers);
}

/** Answers bytes of any type. */
export function answerBytes(
  answer: ServerAnswer,
  status: number,
  body: { readonly contentType: string; readonly data: string | Uint8Array },
  headers?: Headers,
): void {
  if (answer.destroyed || answer.headersSent) return;
  const fields: Record<string, string | number> = headers === undefined ? {} : Object.fromEntries(headers);
  fields["content-type"] = body.contentType;
  fields["content-length"] = Buffer.byteLength(body.data);
  if ("stream" in answer) delete fields.connection; // HTTP/2 has none (RFC 9113, section 8.2.2)
  answer.writeHead(status, fields);
  answer.end(body.data);
}

/** Answers an error as Google's servers do: `{"error": {code, message, status, details}}` (AIP-193). */
export function answerError(answer: ServerAnswer, error: ConnectError, registry: Registry): void {
  const { status, body } = errorBody(error, registry);
  const headers = new Headers();
  for (const [name, value] of error.metadata) if (!NOT_COPIED.has(name)) headers.append(name, value);
  answerJson(answer, status, body, headers);
}

/** The AIP-193 form of an error, and the HTTP status that goes with it. */
export function errorBody(error: ConnectError, registry: Registry): { status: number; body: JsonValue } {
  const { status, body } = toRestError(error, registry);
  if (!isRefusal(error)) return { status, body };
  return { status: error.httpStatus, body: withCode(body, error.httpStatus) };
}

/** `error.code` is the HTTP status (AIP-193). */
function withCode(body: JsonValue, code: number): JsonValue {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const { error } = body;
  if (typeof error !== "object" || error === null || Array.isArray(error)) return body;
  return { ...body, error: { ...error, code } };
}
