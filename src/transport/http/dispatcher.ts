// SPDX-License-Identifier: Apache-2.0
import { invalidOption } from "../../errors/options.js";
import { receivedHeaders } from "../call/lazy-response.js";
import type { Progress } from "../call/protocol.js";
import type { Endpoint } from "../endpoint.js";
import { createAdmission } from "./admission.js";
import { ACCEPTED_CODINGS } from "./decompress.js";
import type { HttpEngine } from "./engine.js";
import { fromEngineError } from "./errors.js";
import { Exchange } from "./exchange.js";

/** Header lists for what came more than once. */
type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What undici (7 and later) lets a handler do to its request. */
export interface DispatchController {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** What undici (7 and later) calls as a request goes on. */
export interface DispatchHandler {
  onRequestStart(controller: DispatchController, context: unknown): void;
  onResponseStart(controller: DispatchController, statusCode: number, headers: ReceivedHeaders): void;
  onResponseData(controller: DispatchController, chunk: Uint8Array): void;
  onResponseEnd(controller: DispatchController): void;
  onResponseError(controller: DispatchController, error: Error): void;
}

/**
 * The part of an undici `Dispatcher` that sends requests: an `Agent`, a `Pool`, a `ProxyAgent`, a `MockAgent`, a
 * `RetryAgent`, of undici 7 or later.
 */
export interface Dispatcher {
  /** Sends a request, and reports its course to `handler`. What it returns is ignored. */
  dispatch(
    options: {
      readonly origin: string;
      readonly path: string;
      readonly method: string;
      readonly headers: string[];
      readonly body: string | Uint8Array | null;
      readonly headersTimeout: number;
      readonly bodyTimeout: number;
    },
    handler: DispatchHandler,
  ): boolean;
}

/** The deadline of the call rules, and no timeout of the dispatcher's own. */
const NO_TIMEOUTS = { headersTimeout: 0, bodyTimeout: 0 };

/** Creates an HTTP engine over the caller's own undici dispatcher, which stays open when the engine is closed. */
export function createDispatcherEngine(dispatcher: Dispatcher, { origin }: Endpoint): HttpEngine {
  if (typeof dispatcher?.dispatch !== "function") {
    throw invalidOption("dispatcher: has no dispatch function (expected a Dispatcher of undici 7 or later)");
  }
  const admission = createAdmission();
  return {
    resolvesLoopback: false,
    send: async ({ method, path, headers, body = null }, abort, progress) => {
      admission.enter(abort);
      const exchange = new Exchange(abort, admission.leave);
      const lines: string[] = [];
      for (const [name, value] of headers) lines.push(name, value);
      if (!headers.has("accept-encoding")) lines.push("accept-encoding", ACCEPTED_CODINGS);
      try {
        dispatcher.dispatch(
          { origin, path, method, headers: lines, body, ...NO_TIMEOUTS },
          handlerOf(exchange, origin, progress),
        );
      } catch (error) {
        exchange.fail(fromEngineError(error, origin, false));
      }
      return exchange.response;
    },
    close: admission.close,
  };
}

function handlerOf(exchange: Exchange, origin: string, progress: Progress): DispatchHandler {
  let isSent = false;
  return {
    onRequestStart: (controller) => {
      isSent = exchange.state === "open";
      if (isSent) progress.requestSent = true;
      exchange.attach({
        pause: () => controller.pause(),
        resume: () => controller.resume(),
        destroy: () => controller.abort(new Error("given up")),
      });
    },
    onResponseStart: (_controller, status, headers) => {
      if (status < 200) return; // informational; the response follows
      const coding = headers["content-encoding"];
      exchange.respond({
        status,
        coding: coding === undefined ? undefined : String(coding),
        headers: () => receivedHeaders(pairsOf(headers)),
      });
    },
    onResponseData: (_controller, chunk) => exchange.push(chunk),
    onResponseEnd: () => exchange.complete(),
    onResponseError: (_controller, error) => exchange.fail(fromEngineError(error, origin, isSent)),
  };
}

function* pairsOf(headers: ReceivedHeaders): Generator<[string, string]> {
  for (const [name, values = []] of Object.entries(headers)) {
    for (const value of [values].flat()) yield [name, value];
  }
}
