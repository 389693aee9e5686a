// SPDX-License-Identifier: Apache-2.0
import type { ClientSessionOptions } from "node:http2";
import type { Interceptor } from "@connectrpc/connect";
import { DEFAULT_MAX_RESPONSE_BYTES } from "../../../budgets/budgets.js";
import {
  booleanOption,
  interceptorsOption,
  invalidOption,
  positiveOption,
  rejectUnknownKeys,
} from "../../../errors/options.js";
import type { TransportSettings } from "../../call/transport.js";
import { addressOf, type Endpoint, parseBaseUrl } from "../../endpoint.js";
import { HttpError } from "../../http/errors.js";
import { type ProxyOption, proxyFor } from "../../http/proxy-environment.js";
import { isLoopbackName } from "../../loopback.js";
import type { KeepaliveSettings } from "./liveness.js";
import { type GrpcTlsOptions, tlsOption } from "./tls.js";

/** Options of `createGrpcTransport`. */
export interface GrpcTransportOptions {
  /** `https://host[:port]`, or `http:` to this machine. Without a path: gRPC has its own. */
  readonly baseUrl: string;
  /** Run around every call, the first one outermost. @default none */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /** Milliseconds that a call may take when it brings no timeout of its own. @default none */
  readonly defaultTimeoutMs?: number | undefined;
  /** The largest message to take, in bytes, compressed or not; a larger one is `ResourceExhausted`. @default 8 MiB */
  readonly maxResponseBytes?: number | undefined;
  /** Allows `http:` to other machines, unencrypted. @default false */
  readonly allowInsecure?: boolean | undefined;
  /** For `https:` only: a private CA, a client certificate, and so on. @default Node's */
  readonly tls?: GrpcTlsOptions | undefined;
  /**
   * The proxy to reach the server through, by CONNECT: `http://host:port` or `https://host:port`, with credentials if it needs
   * them; `false` for none. For `https:` only. @default what `HTTPS_PROXY` and `NO_PROXY` say when a connection is made
   */
  readonly proxy?: string | false | undefined;
  /** Milliseconds of silence after which a PING checks that a connection with calls on it is still alive. @default none are sent */
  readonly pingIntervalMs?: number | undefined;
  /** Milliseconds that a PING may stay without a response before the connection is closed. @default 15,000 */
  readonly pingTimeoutMs?: number | undefined;
  /** Sends PINGs on a connection without calls, too. @default false */
  readonly pingIdleConnection?: boolean | undefined;
  /** Milliseconds after which a connection without calls is closed. @default 15 minutes */
  readonly idleConnectionTimeoutMs?: number | undefined;
}

/** The same, checked, with every default in its place. */
export interface ResolvedGrpcOptions extends TransportSettings {
  /** Host and port, for messages. */
  readonly authority: string;
  /** The name or the address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly tls: GrpcTlsOptions;
  readonly proxy: ProxyOption;
  readonly maxResponseBytes: number;
  readonly keepalive: KeepaliveSettings;
  readonly idleTimeoutMs: number;
  readonly http2: ClientSessionOptions;
}

/** The window of one stream: enough that a page of operations does not stop and go over a long line. */
const STREAM_WINDOW_BYTES = 1024 * 1024;

/**
 * What one session may hold, in megabytes. Node's own limit of 10 counts what callers have given it to send, and ends calls with
 * ENHANCE_YOUR_CALM that the server has begun to respond to (Node 22 and newer); how much is under way is up to the callers.
 */
const MAX_SESSION_MB = 2 ** 32 - 1;

/**
 * Headers in one response, in bytes with 32 for each, and their number, which those bytes bound. Above it Node resets the call
 * with ENHANCE_YOUR_CALM, which reads like a server's quota; so what a server may send by mistake is below, and ends by our own
 * limit.
 */
const MAX_HEADER_LIST_BYTES = 1024 * 1024;
const MAX_HEADER_PAIRS = MAX_HEADER_LIST_BYTES / 32;

const MINUTE_MS = 60_000;

const OPTION_KEYS = {
  baseUrl: true,
  interceptors: true,
  defaultTimeoutMs: true,
  maxResponseBytes: true,
  allowInsecure: true,
  tls: true,
  proxy: true,
  pingIntervalMs: true,
  pingTimeoutMs: true,
  pingIdleConnection: true,
  idleConnectionTimeoutMs: true,
} as const satisfies Record<keyof GrpcTransportOptions, true>;

/**
 * Checks the options of `createGrpcTransport` and fills in the defaults.
 *
 * @throws TypeError naming the option and its value.
 */
export function resolveGrpcOptions(options: GrpcTransportOptions): ResolvedGrpcOptions {
  rejectUnknownKeys("createGrpcTransport", options, OPTION_KEYS);
  const allowInsecure = booleanOption("allowInsecure", options.allowInsecure, false);
  const endpoint = parseBaseUrl(options.baseUrl, { allowInsecure });
  if (endpoint.prefix !== "") {
    throw invalidOption(
      `baseUrl: has a path (got ${endpoint.prefix}; expected none, since gRPC has no place for it)`,
    );
  }
  const { origin, hostname, secure } = endpoint;
  return {
    origin,
    authority: new URL(origin).host,
    ...addressOf(origin),
    secure,
    tls: tlsOption(options.tls, secure),
    proxy: proxyOption(options.proxy, endpoint),
    loopbackResolved: isLoopbackName(hostname),
    interceptors: interceptorsOption(options.interceptors),
    defaultTimeoutMs: positiveOption("defaultTimeoutMs", options.defaultTimeoutMs, undefined),
    maxResponseBytes: positiveOption(
      "maxResponseBytes",
      options.maxResponseBytes,
      DEFAULT_MAX_RESPONSE_BYTES,
    ),
    keepalive: {
      intervalMs: positiveOption("pingIntervalMs", options.pingIntervalMs, Number.POSITIVE_INFINITY),
      timeoutMs: positiveOption("pingTimeoutMs", options.pingTimeoutMs, 15_000),
      whenIdle: booleanOption("pingIdleConnection", options.pingIdleConnection, false),
    },
    idleTimeoutMs: positiveOption("idleConnectionTimeoutMs", options.idleConnectionTimeoutMs, 15 * MINUTE_MS),
    http2: {
      settings: {
        enablePush: false,
        initialWindowSize: STREAM_WINDOW_BYTES,
        maxHeaderListSize: MAX_HEADER_LIST_BYTES,
      },
      maxSessionMemory: MAX_SESSION_MB,
      maxHeaderListPairs: MAX_HEADER_PAIRS,
    },
  };
}

/** No proxy for `http:`: it would see every call, and the credential of one to this machine. */
function proxyOption(proxy: ProxyOption, { origin, secure }: Endpoint): ProxyOption {
  if (proxy === undefined || proxy === false) return proxy;
  if (typeof proxy !== "string") {
    throw invalidOption("proxy: not a URL (expected http://host:port, https://host:port or false)");
  }
  if (!secure) throw invalidOption("proxy: given, but baseUrl is http: (expected https:)");
  try {
    proxyFor(origin, proxy);
  } catch (error) {
    // The message does not repeat the URL, which may have credentials in it.
    throw invalidOption(error instanceof HttpError ? error.message : "proxy: not a URL");
  }
  return proxy;
}
