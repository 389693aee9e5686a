// SPDX-License-Identifier: Apache-2.0
import { cors } from "@connectrpc/connect";
import type { HttpResponse, ServerRequest } from "./http-servers.js";

const EXPOSED_HEADERS = [...cors.exposedHeaders, "Retry-After"].join(", ");
const METHODS = "GET, POST, PUT, PATCH, DELETE";
/** Two hours, in seconds: the maximum for which Chromium caches a preflight's response. */
const MAX_AGE_SECONDS = "7200";

/** Lets the page of an allowed origin read the response (Fetch standard, CORS protocol). */
export function allowBrowsers(request: ServerRequest, response: HttpResponse): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("vary", "Origin");
  response.setHeader("access-control-expose-headers", EXPOSED_HEADERS);
  if (!isPreflight(request)) return;
  response.setHeader("access-control-allow-methods", METHODS);
  response.setHeader(
    "access-control-allow-headers",
    request.headers["access-control-request-headers"] ?? "*",
  );
  response.setHeader("access-control-max-age", MAX_AGE_SECONDS);
}

/** Whether a request is a CORS preflight, which is not a call. */
export function isPreflight(request: ServerRequest): boolean {
  return (
    request.method === "OPTIONS" &&
    request.headers.origin !== undefined &&
    request.headers["access-control-request-method"] !== undefined
  );
}
