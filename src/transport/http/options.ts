// SPDX-License-Identifier: Apache-2.0
import { createDispatcherEngine, createHttpEngine } from "#http-client";
import { invalidOption } from "../../errors/options.js";
import type { Endpoint } from "../endpoint.js";
import type { Dispatcher } from "./dispatcher.js";
import type { HttpEngine, TlsOptions } from "./engine.js";
import { createFetchEngine, type Fetch } from "./fetch.js";

/** How a transport sends its requests: by the platform's own means, or by yours. */
export interface HttpOptions {
  /**
   * A private certificate authority, a client certificate, and so on; for `https:` in Node. Elsewhere connections are the
   * platform's, and this is rejected, as are `proxy`, `maxSockets` and `dispatcher`.
   * @default the platform's
   */
  readonly tls?: TlsOptions | undefined;
  /**
   * The proxy to reach an `https:` server through, by CONNECT: `http://[user:password@]host:port`, or `https:`. `false`
   * for none. In Node.
   * @default that of `HTTPS_PROXY`, unless `NO_PROXY` names the server; none for this machine
   */
  readonly proxy?: string | false | undefined;
  /** Requests on the wire at once, each on a connection of its own; further ones wait. In Node. @default 256 */
  readonly maxSockets?: number | undefined;
  /**
   * An undici `Dispatcher` (7 or later) to send requests with, in Node: a `Pool` for very many calls, a `ProxyAgent`, a
   * `MockAgent`, a `RetryAgent`. Certificates, proxies and connections are its own; `tls`, `proxy` and `maxSockets` are
   * rejected beside it. Its `headersTimeout` and `bodyTimeout` do not count: the deadline of the call does. It is not
   * closed with the transport.
   * @default none: `node:http` and `node:https` in Node
   */
  readonly dispatcher?: Dispatcher | undefined;
  /**
   * A `fetch` to send requests with, of the standard type. Certificates, proxies and connections are its own; `tls`,
   * `proxy` and `maxSockets` are rejected beside it.
   * @default the global `fetch` wherever the platform is not Node, looked up for each request
   */
  readonly fetch?: Fetch | undefined;
}

/** The keys of {@link HttpOptions}. */
export const HTTP_OPTION_KEYS: Record<keyof HttpOptions, true> = {
  tls: true,
  proxy: true,
  maxSockets: true,
  dispatcher: true,
  fetch: true,
};

/**
 * Creates the engine that the options ask for.
 *
 * @throws TypeError naming the option and its value (never one of `tls` or `proxy`, which may be secret).
 */
export function resolveEngine(options: HttpOptions, endpoint: Endpoint): HttpEngine {
  const { tls, proxy, maxSockets, dispatcher, fetch } = options;
  const own = (["tls", "proxy", "maxSockets"] as const).find((key) => options[key] !== undefined);
  if (dispatcher !== undefined && fetch !== undefined) {
    throw invalidOption("dispatcher: given beside fetch (expected one of them)");
  }
  if (dispatcher !== undefined) {
    rejectBeside(own, "dispatcher");
    return createDispatcherEngine(dispatcher, endpoint);
  }
  if (fetch !== undefined) {
    if (typeof fetch !== "function") throw invalidOption(`fetch: not a function (got ${typeof fetch})`);
    rejectBeside(own, "fetch");
    return createFetchEngine(fetch, endpoint.origin);
  }
  return createHttpEngine({ endpoint, tls, proxy, maxSockets });
}

function rejectBeside(own: string | undefined, given: string): void {
  if (own === undefined) return;
  throw invalidOption(`${own}: given beside ${given} (expected it to be a setting of the ${given} itself)`);
}
