// SPDX-License-Identifier: Apache-2.0
import type { Pool } from "undici";
import type { Abort } from "../../abort.js";
import {
  CLOSED,
  type HttpClient,
  type HttpClientOptions,
  HttpFailure,
  type HttpRequest,
} from "../http-client.js";
import { trackConnecting } from "./connecting.js";
import { ACCEPTED_CODINGS } from "./decompress.js";
import { Exchange } from "./exchange.js";
import { throughProxy } from "./proxy-connector.js";
import { toConnectionOptions } from "./tls.js";

/** The token of `x-goog-api-client` for what this engine runs on. */
export const runtimeToken = `gl-node/${process.versions.node}`;

/** Whether the engine lets a program say `user-agent`. */
export const sendsUserAgent = true;

/**
 * Creates the HTTP engine for Node: one undici pool of HTTP/1.1 connections per origin, kept alive between requests, and
 * through the proxy that the environment has for it (`HTTPS_PROXY`, `NO_PROXY`).
 * An idle connection does not keep the process running, and neither does an attempt to connect that nobody waits for.
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const connecting = trackConnecting();
  const pools = new Map<string, Pool>();
  let closing: Promise<unknown> | undefined;
  let loading: Promise<PoolFactory> | undefined;
  let createPool: PoolFactory | undefined;

  const poolFor = (origin: string, create: PoolFactory) => {
    const pool = pools.get(origin) ?? create(origin);
    pools.set(origin, pool);
    return pool;
  };
  const dispatch = (request: HttpRequest, abort: Abort, create: PoolFactory) => {
    if (closing !== undefined) return Promise.reject(new HttpFailure(CLOSED, "closed", false));
    if (abort.aborted) return Promise.reject(abort.reason);
    const exchange = new Exchange(request, abort, connecting.end);
    connecting.begin();
    poolFor(request.origin, create).dispatch(
      {
        path: request.path,
        method: request.method,
        headers: headerLines(request.headers),
        body: request.body ?? null,
      },
      exchange,
    );
    return exchange.response;
  };

  return {
    send: (request, abort) => {
      if (createPool !== undefined) return dispatch(request, abort, createPool);
      loading ??= loadPools(options, connecting);
      return loading.then((create) => {
        createPool = create;
        return dispatch(request, abort, create);
      });
    },
    close: async () => {
      closing ??= Promise.all([...pools.values()].map((pool) => pool.close()));
      await closing;
    },
  };
}

type PoolFactory = (origin: string) => Pool;

/** Loads undici when the first call needs it: importing this library stays cheap for those who never call REST. */
async function loadPools(
  options: HttpClientOptions,
  connecting: ReturnType<typeof trackConnecting>,
): Promise<PoolFactory> {
  const [{ default: PoolClass }, { default: buildConnector }] = await Promise.all([
    import("undici/lib/dispatcher/pool.js"),
    import("undici/lib/core/connect.js"),
  ]);
  const timeoutMs = options.connectTimeoutMs ?? 10_000;
  const tls = toConnectionOptions(options.tls);
  const connect = connecting.watch(
    throughProxy(buildConnector({ ...tls, timeout: timeoutMs }), { ca: tls.ca, timeoutMs }),
  );
  return (origin) =>
    new PoolClass(origin, {
      connect,
      connections: options.maxConnections ?? 256,
      keepAliveTimeout: options.keepAliveMs ?? 60_000,
      headersTimeout: options.headersTimeoutMs ?? 300_000,
      bodyTimeout: options.bodyTimeoutMs ?? 300_000,
    });
}

function headerLines(headers: Headers): string[] {
  const lines = [];
  for (const [name, value] of headers) lines.push(name, value);
  if (!headers.has("accept-encoding")) lines.push("accept-encoding", ACCEPTED_CODINGS);
  return lines;
}
