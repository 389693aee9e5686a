// SPDX-License-Identifier: Apache-2.0
import type { Message } from "@bufbuild/protobuf";
import { runtimeToken, sendsUserAgent } from "#http-client";
import type { JsonFunctions } from "../../http-rule/json-functions.js";
import { type RestCall, toRestCall } from "../../http-rule/transcode.js";
import type { RequestSettings } from "../call/unary-request.js";
import { type HttpRequest, SAYS_LENGTH } from "../http/engine.js";
import { VERSION } from "../version.js";
import type { RestMethod } from "./method.js";
import type { ResolvedRestOptions } from "./options.js";

/** A request, and how to read its response. */
export interface TranscodedRequest extends HttpRequest {
  readonly url: string;
  readonly binding: RestCall["binding"];
}

/** The headers of a call: its own, and those that interceptors have set over them. */
export type CallHeaders = Pick<RequestSettings, "header" | "added">;

/** What a request is made from. */
export interface RequestParts {
  readonly message: Message;
  readonly json: JsonFunctions;
  readonly headers: CallHeaders;
  readonly timeoutMs: number | undefined;
}

/**
 * The HTTP request for a message.
 *
 * @throws ConnectError InvalidArgument for a message that fits no binding, before anything is sent.
 */
export function toRequest(
  options: ResolvedRestOptions,
  method: RestMethod,
  { message, json, headers, timeoutMs }: RequestParts,
): TranscodedRequest {
  const call = toRestCall(method.rule, message, json);
  const { verb, body, binding } = call;
  const path = pathOf(options, call);
  return {
    method: verb,
    url: options.endpoint.origin + path,
    path,
    headers: headersOf(headers, body?.contentType, options.sendServerTimeout ? timeoutMs : undefined),
    body: body?.content,
    idempotent: method.isIdempotent(message),
    binding,
  };
}

/**
 * The URL that a message as it is now is sent to: what interceptors see. For a message that fits no binding, which an
 * interceptor may yet complete, that of the primary binding with its variables still in it.
 */
export function urlOf(options: ResolvedRestOptions, method: RestMethod, message: Message): string {
  try {
    return (
      options.endpoint.origin + pathOf(options, toRestCall(method.rule, message, method.jsonFor(undefined)))
    );
  } catch {
    // The call itself is refused with the reason, should the message stay so.
    return method.templateUrl;
  }
}

function pathOf({ endpoint, systemQuery }: ResolvedRestOptions, { path, query }: RestCall): string {
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
  { header, added }: CallHeaders,
  contentType: string | undefined,
  serverTimeoutMs: number | undefined,
): Map<string, string> {
  const headers = new Map(DEFAULT_HEADERS);
  if (contentType !== undefined) headers.set("content-type", contentType);
  if (serverTimeoutMs !== undefined) headers.set("x-server-timeout", String(serverTimeoutMs / 1000));
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
  readonly url: string;
  /** Lower-case names. Those that interceptors add (credentials) are not among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent when the request has no body. Bytes only for a `google.api.HttpBody`. */
  readonly body?: string | Uint8Array;
}

/** Shows a request, with the `content-length` that the engine adds. */
export function describeRequest({ method, url, headers, body }: TranscodedRequest): RestRequest {
  const size = typeof body === "string" ? new TextEncoder().encode(body).byteLength : (body?.byteLength ?? 0);
  const saysLength = body !== undefined || SAYS_LENGTH.has(method);
  return {
    method,
    url,
    headers: { ...Object.fromEntries(headers), ...(saysLength && { "content-length": String(size) }) },
    ...(body !== undefined && { body }),
  };
}
