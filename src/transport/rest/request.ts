// SPDX-License-Identifier: Apache-2.0
import { runtimeToken, sendsUserAgent } from "#http-client";
import type { RestCall, Route } from "../../http-rule/transcode.js";
import { VERSION } from "../../names/version.js";
import type { SentRequest } from "../call/protocol.js";
import type { Endpoint } from "../endpoint.js";
import { type HttpRequest, SAYS_LENGTH } from "../http/engine.js";
import { hasRequestId, type RestMethod } from "./method.js";
import type { ResolvedRestOptions } from "./options.js";

/** The HTTP request of a call. */
export function toHttpRequest(
  options: ResolvedRestOptions,
  call: RestCall,
  request: Pick<SentRequest<RestMethod>, "method" | "message" | "header" | "added" | "timeoutMs">,
): HttpRequest {
  const { body } = call;
  const { idempotency } = request.method;
  return {
    method: call.verb,
    path: toPath(options, call),
    headers: headersOf(options, request, body?.contentType),
    body: body?.content,
    idempotent: idempotency === "with request_id" ? hasRequestId(request.message) : idempotency === "all",
  };
}

/** Path and query as on the request line: with the prefix of the base URL, and the system parameters. */
export function toPath({ endpoint, systemQuery }: ResolvedRestOptions, { path, query }: Route): string {
  const complete = query === "" || systemQuery === "" ? query + systemQuery : `${query}&${systemQuery}`;
  return endpoint.prefix + path + (complete === "" ? "" : `?${complete}`);
}

/** What Google's servers and their logs know a client by: space-separated `name/version`, the runtime first. */
const API_CLIENT = `${runtimeToken} gapic/${VERSION} rest/${VERSION}`;
const USER_AGENT = `longrunning/${VERSION}`;

/** What every request has, unless the caller says otherwise. */
const DEFAULT_HEADERS: readonly (readonly [string, string])[] = [
  ["accept", "application/json"],
  ...(sendsUserAgent ? ([["user-agent", USER_AGENT]] as const) : []),
  ["x-goog-api-client", API_CLIENT],
];

/**
 * Headers that a caller cannot set: those that frame the message and belong to the engine (a wrong one would smuggle a
 * second request), and those of the gRPC and Connect protocols, which mean nothing here.
 */
const NOT_THE_CALLERS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "connect-protocol-version",
  "connect-timeout-ms",
  "grpc-accept-encoding",
  "grpc-encoding",
  "grpc-timeout",
]);

/** The caller's headers, completed for the wire: what the caller has set wins. */
function headersOf(
  { sendServerTimeout }: ResolvedRestOptions,
  { header, added, timeoutMs }: Pick<SentRequest<RestMethod>, "header" | "added" | "timeoutMs">,
  contentType: string | undefined,
): Map<string, string> {
  const headers = new Map(DEFAULT_HEADERS);
  if (contentType !== undefined) headers.set("content-type", contentType);
  if (sendServerTimeout && timeoutMs < Number.POSITIVE_INFINITY) {
    headers.set("x-server-timeout", String(timeoutMs / 1000));
  }
  for (const entries of [header, added]) {
    if (entries === undefined) continue;
    for (const [name, value] of entries) if (!NOT_THE_CALLERS.has(name)) headers.set(name, value);
  }
  if (contentType === undefined) headers.delete("content-type");
  return headers;
}

/** A request as it would be sent, for logs, tests and people. */
export interface RestRequest {
  /** The HTTP method: `POST`. */
  readonly method: string;
  /** Absolute, with the query. */
  readonly url: string;
  /** Lower-case names. Those that interceptors add (credentials) are not among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent when the request has no body. Bytes only for a `google.api.HttpBody`. */
  readonly body?: string | Uint8Array;
}

/** Shows a request, with the `content-length` that the engine adds. */
export function describeRequest(
  { origin }: Endpoint,
  { method, path, headers, body }: HttpRequest,
): RestRequest {
  const size = typeof body === "string" ? new TextEncoder().encode(body).byteLength : (body?.byteLength ?? 0);
  const saysLength = body !== undefined || SAYS_LENGTH.has(method);
  return {
    method,
    url: origin + path,
    headers: { ...Object.fromEntries(headers), ...(saysLength && { "content-length": String(size) }) },
    ...(body !== undefined && { body }),
  };
}
