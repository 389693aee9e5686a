// SPDX-License-Identifier: Apache-2.0
import { runtimeToken, sendsUserAgent } from "#http-client";
import { VERSION } from "../version.js";

/** What Google's servers and their logs know a client by: space-separated `name/version`, the runtime first. */
const API_CLIENT = `${runtimeToken} gapic/${VERSION} rest/${VERSION}`;
const USER_AGENT = `longrunning/${VERSION}`;

/**
 * Headers that a caller cannot set: those that frame the message and belong to the engine (a wrong one would smuggle a
 * second request), and those of the gRPC and Connect protocols, which mean nothing here.
 */
const NOT_THE_CALLERS = new Set([
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

/** What a request's own headers depend on. */
export interface RestHeaderParts {
  /** The body's media type, or `undefined` when there is no body. */
  readonly contentType: string | undefined;
  /** The call's timeout, to be told to the server as `X-Server-Timeout`, in milliseconds. */
  readonly serverTimeoutMs: number | undefined;
}

/** Completes the caller's headers for the wire, in place: what the caller has set wins. */
export function completeRestHeaders(
  headers: Headers,
  { contentType, serverTimeoutMs }: RestHeaderParts,
): void {
  for (const name of [...headers.keys()]) if (NOT_THE_CALLERS.has(name)) headers.delete(name);
  if (contentType === undefined) headers.delete("content-type");
  else setIfAbsent(headers, "content-type", contentType);
  setIfAbsent(headers, "accept", "application/json");
  setIfAbsent(headers, "x-goog-api-client", API_CLIENT);
  if (sendsUserAgent) setIfAbsent(headers, "user-agent", USER_AGENT);
  if (serverTimeoutMs !== undefined) setIfAbsent(headers, "x-server-timeout", String(serverTimeoutMs / 1000));
}

function setIfAbsent(headers: Headers, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value);
}
