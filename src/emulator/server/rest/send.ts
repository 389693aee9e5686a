// SPDX-License-Identifier: Apache-2.0
import type { JsonValue, Registry } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { toRestError } from "../../../errors/rest/rest-error.js";
import { stringifyJson } from "../../../json/json-text.js";
import { isHttpError } from "../http-error.js";
import type { HttpResponse } from "../http-servers.js";

const JSON_TYPE = "application/json; charset=UTF-8";

/**
 * Headers of an error that describe its original body or connection; they are not copied to the response.
 */
const NOT_COPIED: ReadonlySet<string> = new Set(["content-type", "content-length", "transfer-encoding"]);

/** Sends JSON over HTTP/1.1 or HTTP/2; nothing if the connection is closed. */
export function sendJson(response: HttpResponse, status: number, json: JsonValue, headers?: Headers): void {
  sendBytes(response, status, { contentType: JSON_TYPE, data: stringifyJson(json) }, headers);
}

/** Sends bytes of any type. */
export function sendBytes(
  response: HttpResponse,
  status: number,
  body: { readonly contentType: string; readonly data: string | Uint8Array },
  headers?: Headers,
): void {
  if (response.destroyed || response.headersSent) return;
  const fields: Record<string, string | number> = headers === undefined ? {} : Object.fromEntries(headers);
  fields["content-type"] = body.contentType;
  fields["content-length"] = Buffer.byteLength(body.data);
  if ("stream" in response) delete fields.connection; // not allowed in HTTP/2 (RFC 9113, section 8.2.2)
  response.writeHead(status, fields);
  response.end(body.data);
}

/** Sends an error as Google's servers do: `{"error": {code, message, status, details}}` (AIP-193). */
export function sendError(response: HttpResponse, error: ConnectError, registry: Registry): void {
  const { status, body } = errorBody(error, registry);
  const headers = new Headers();
  for (const [name, value] of error.metadata) if (!NOT_COPIED.has(name)) headers.append(name, value);
  sendJson(response, status, body, headers);
}

/** The AIP-193 form of an error, and the HTTP status that goes with it. */
export function errorBody(error: ConnectError, registry: Registry): { status: number; body: JsonValue } {
  const { status, body } = toRestError(error, registry);
  if (!isHttpError(error)) return { status, body };
  return { status: error.httpStatus, body: withCode(body, error.httpStatus) };
}

/** `error.code` is the HTTP status (AIP-193). */
function withCode(body: JsonValue, code: number): JsonValue {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const { error } = body;
  if (typeof error !== "object" || error === null || Array.isArray(error)) return body;
  return { ...body, error: { ...error, code } };
}
