// SPDX-License-Identifier: Apache-2.0
import { invalidOption } from "../../errors/options.js";
import { VERSION } from "../../names/version.js";
import { createAdmission } from "./admission.js";
import { readBody } from "./body.js";
import {
  type EngineOptions,
  type HttpEngine,
  type HttpRequest,
  type HttpResponse,
  SAYS_LENGTH,
} from "./engine.js";
import { fromEngineError, HttpError } from "./errors.js";

/** The token of `x-goog-api-client` for what this engine runs on. */
export const runtimeToken: string = `gl-web/${VERSION}`;

/** Whether the engine lets a program say `user-agent`: a browser says its own. */
export const sendsUserAgent = false;

/** A function of the standard shape: https://fetch.spec.whatwg.org/#fetch-method. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Creates the HTTP engine for everything that is not Node, over the platform's `fetch`, whose connections are its own.
 *
 * @throws TypeError for an option that would have no effect: a program may rely on its proxy or its certificates
 */
export function createHttpEngine({ endpoint, ...own }: EngineOptions): HttpEngine {
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && value !== false) throw unavailable(name);
  }
  // Looked up for each request: a program may replace it, to test or to trace.
  return createFetchEngine((url, init) => fetch(url, init), endpoint.origin);
}

/** There is no undici here. @throws TypeError */
export function createDispatcherEngine(): HttpEngine {
  throw unavailable("dispatcher");
}

function unavailable(name: string): TypeError {
  return invalidOption(`${name}: not available on this platform (expected Node; fetch is the option here)`);
}

/** Creates an HTTP engine over a `fetch`. Connections, TLS, proxies and decompression are that function's. */
export function createFetchEngine(fetch: Fetch, origin: string): HttpEngine {
  const admission = createAdmission();
  return {
    resolvesLoopback: false,
    send: async (request, abort, progress) => {
      const { method, headers, path } = request;
      admission.enter(abort);
      const errorOf = (error: unknown) => (abort.aborted ? abort.reason : fromEngineError(error, origin));
      try {
        progress.requestSent = true; // a fetch does not say when
        const response = await fetch(origin + path, {
          method,
          headers: [...headers],
          body: bodyOf(request),
          redirect: "manual",
          signal: abort.signal,
        });
        if (!isResponse(response)) throw new HttpError("fetch returned no Response", "response", true);
        return toHttpResponse(response, errorOf, admission.leave);
      } catch (error) {
        admission.leave();
        throw errorOf(error);
      }
    },
    close: admission.close,
  };
}

/** fetch gives a string body a content type of its own, and a PATCH without a body no length: bytes have neither problem. */
function bodyOf({ method, body }: HttpRequest): Uint8Array<ArrayBuffer> | null {
  if (body === undefined) return SAYS_LENGTH.has(method) ? new Uint8Array() : null;
  return typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
}

/** Not `instanceof`: it may be of another realm or a polyfill. A mock often returns nothing, or a plain object. */
function isResponse(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && "body" in value && "status" in value && "headers" in value
  );
}

function toHttpResponse(
  response: Response,
  errorOf: (error: unknown) => unknown,
  onEnd: () => void,
): HttpResponse {
  const chunks = async function* () {
    const reader = response.body?.getReader();
    try {
      for (let next = await reader?.read(); next?.done === false; next = await reader?.read())
        yield next.value;
    } catch (error) {
      throw errorOf(error);
    } finally {
      // Without effect on a body that was read to its end; otherwise it drops the connection.
      reader?.cancel().catch(() => undefined);
      onEnd();
    }
  };
  return {
    // A browser hides which redirect it was.
    status: response.type === "opaqueredirect" ? 302 : response.status,
    headers: response.headers,
    chunks,
    bytes: (maxBytes) => readBody(chunks(), maxBytes),
  };
}
