// SPDX-License-Identifier: Apache-2.0

import { VERSION } from "../version.js";
import { fromEngineError } from "./errors.js";
import { fetchedResponse } from "./fetch-response.js";
import {
  CLOSED,
  type HttpClient,
  type HttpClientOptions,
  HttpFailure,
  type HttpRequest,
} from "./http-client.js";

/** The token of `x-goog-api-client` for what this engine runs on. */
export const runtimeToken = `gl-web/${VERSION}`;

/** Whether the engine lets a program say `user-agent`: a browser says its own. */
export const sendsUserAgent = false;

/** The methods whose requests say that they have no body: `content-length: 0`. */
const SAYS_LENGTH = new Set(["POST", "PUT", "PATCH"]);

/**
 * Creates the HTTP engine for everything that is not Node, over the platform's `fetch`. Connections, TLS, timeouts and
 * decompression are the platform's: the options have no effect here.
 */
export function createHttpClient(_options: HttpClientOptions = {}): HttpClient {
  let open = 0;
  let onIdle: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  const send: HttpClient["send"] = async (request, abort) => {
    const { method, headers, origin, path } = request;
    if (closing !== undefined) throw new HttpFailure(CLOSED, "closed", false);
    if (abort.aborted) throw abort.reason;
    open += 1;
    const onEnd = () => {
      open -= 1;
      if (open === 0) onIdle?.();
    };
    const failureOf = (error: unknown) => (abort.aborted ? abort.reason : fromEngineError(error, origin));
    try {
      const response = await fetch(origin + path, {
        method,
        headers,
        body: bodyOf(request),
        redirect: "manual",
        signal: abort.signal,
      });
      return fetchedResponse(response, { failureOf, onEnd });
    } catch (error) {
      onEnd();
      throw failureOf(error);
    }
  };
  return {
    send,
    close: () => {
      closing ??= new Promise((resolve) => {
        onIdle = resolve;
        if (open === 0) resolve();
      });
      return closing;
    },
  };
}

/** fetch gives a string body a content type of its own, and a PATCH without a body no length: bytes have neither flaw. */
function bodyOf({ method, body }: HttpRequest): Uint8Array<ArrayBuffer> | null {
  if (body === undefined) return SAYS_LENGTH.has(method) ? new Uint8Array() : null;
  return typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
}
