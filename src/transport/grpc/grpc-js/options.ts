// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import { DEFAULT_MAX_RESPONSE_BYTES } from "../../../budgets/budgets.js";
import {
  booleanOption,
  checkObject,
  interceptorsOption,
  invalidOption,
  invalidValue,
  positiveOption,
  rejectUnknownKeys,
} from "../../../errors/options.js";
import type { TransportSettings } from "../../call/transport.js";
import { isLoopback } from "../../endpoint.js";

/** A `Client` of `@grpc/grpc-js`, or of a subclass that code was generated for. Only its channel is used. */
export interface GrpcJsClient {
  /** Tells a client from other objects; not called. */
  makeUnaryRequest(...args: never[]): unknown;
  /** Sends each call, unary ones included. */
  makeServerStreamRequest(...args: never[]): unknown;
  /** Returns the channel that the calls are sent over; asked for its target only. */
  getChannel(): {
    /** Returns the channel's target, such as `dns:spanner.googleapis.com:443`. */
    getTarget(): string;
  };
  /** Not called: the client stays the caller's. */
  close(): void;
}

/** Options of `createGrpcJsTransport`: a client that the program has, or what to make one of. */
export type GrpcJsTransportOptions = GrpcJsCallOptions & (GrpcJsGivenClient | GrpcJsOwnClient);

interface GrpcJsCallOptions {
  /** Run around every call, the first one outermost. @default none */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /** Milliseconds that a call may take when it brings no timeout of its own. @default none */
  readonly defaultTimeoutMs?: number | undefined;
  /**
   * Whether the channel is encrypted, which grpc-js does not expose: set it to `true` for a client or credentials of yours that use
   * TLS. Otherwise interceptors see an `http:` URL, and no token is sent but to a literal loopback address.
   *
   * @default true when neither `client` nor `credentials` is given, else false
   */
  readonly secure?: boolean | undefined;
}

interface GrpcJsGivenClient {
  /** The client whose channel is to be used. It stays the caller's: `close()` of the transport leaves it open. */
  readonly client: GrpcJsClient;
  readonly address?: undefined;
  readonly credentials?: undefined;
  readonly channelOptions?: undefined;
  readonly maxResponseBytes?: undefined;
}

interface GrpcJsOwnClient {
  readonly client?: undefined;
  /** A target as grpc-js takes them: `host:port`, `dns:///host:port`, `xds:///service`. */
  readonly address: string;
  /** `ChannelCredentials` of grpc-js. @default credentials.createSsl() */
  readonly credentials?: object | undefined;
  /** Channel options of grpc-js, such as `grpc.keepalive_time_ms`. @default none */
  readonly channelOptions?: Readonly<Record<string, unknown>> | undefined;
  /** The largest message to take, in bytes; a larger one is `ResourceExhausted`. @default 8 MiB */
  readonly maxResponseBytes?: number | undefined;
}

/** The same, checked, with every default in its place. */
export interface ResolvedGrpcJsOptions extends TransportSettings {
  readonly source: GrpcJsSource;
}

/** Where the channel comes from. Without credentials, TLS with Node's certificate authorities. */
export type GrpcJsSource =
  | { readonly kind: "given"; readonly client: object }
  | {
      readonly kind: "own";
      readonly address: string;
      readonly credentials: object | undefined;
      readonly channelOptions: Readonly<Record<string, unknown>>;
      readonly secure: boolean;
    };

const OPTION_KEYS = {
  client: true,
  address: true,
  credentials: true,
  channelOptions: true,
  maxResponseBytes: true,
  interceptors: true,
  defaultTimeoutMs: true,
  secure: true,
} as const satisfies Record<keyof GrpcJsTransportOptions, true>;

/**
 * Checks the options of `createGrpcJsTransport` and fills in the defaults.
 *
 * @throws TypeError naming the option and its value.
 */
export function resolveGrpcJsOptions(options: GrpcJsTransportOptions): ResolvedGrpcJsOptions {
  rejectUnknownKeys("createGrpcJsTransport", options, OPTION_KEYS);
  return {
    ...(options.client === undefined ? ownSource(options) : givenSource(options)),
    interceptors: interceptorsOption(options.interceptors),
    defaultTimeoutMs: positiveOption("defaultTimeoutMs", options.defaultTimeoutMs, undefined),
    // grpc-js asks DNS.
    loopbackResolved: false,
  };
}

/** What an address of grpc-js's is not: a URL for browsers, or a text with blanks. */
const NO_TARGET = /^https?:|\s/;

function givenSource({ client, secure, ...others }: GrpcJsCallOptions & GrpcJsGivenClient): {
  origin: string;
  source: GrpcJsSource;
} {
  if (typeof client?.makeUnaryRequest !== "function" || typeof client.getChannel !== "function") {
    throw invalidOption("client: not a Client of @grpc/grpc-js");
  }
  for (const name of ["address", "credentials", "channelOptions", "maxResponseBytes"] as const) {
    if (others[name] !== undefined) {
      throw invalidOption(`${name}: given together with client (expected one or the other)`);
    }
  }
  const encrypted = booleanOption("secure", secure, false);
  const target: unknown = client.getChannel().getTarget();
  if (typeof target !== "string") throw invalidOption("client: has a channel without a target");
  return {
    origin: originOf(target, { secure: encrypted, proxied: hasProxy() }),
    source: { kind: "given", client },
  };
}

function ownSource(options: GrpcJsCallOptions & GrpcJsOwnClient): { origin: string; source: GrpcJsSource } {
  const { address, credentials, channelOptions = {} } = options;
  if (typeof address !== "string" || address === "" || NO_TARGET.test(address)) {
    throw invalidValue("address", address, "a target such as host:port, or a client");
  }
  // CallCredentials have compose(), too: the channel tells them apart.
  if (credentials !== undefined && typeof Reflect.get(Object(credentials), "compose") !== "function") {
    throw invalidOption("credentials: not ChannelCredentials of @grpc/grpc-js");
  }
  checkObject("channelOptions", channelOptions);
  const secure = booleanOption("secure", options.secure, credentials === undefined);
  if (!secure && credentials === undefined) {
    throw invalidOption("secure: false without credentials, which means TLS (expected insecure credentials)");
  }
  const maxBytes = positiveOption("maxResponseBytes", options.maxResponseBytes, DEFAULT_MAX_RESPONSE_BYTES);
  return {
    origin: originOf(address, { secure, proxied: false }),
    source: {
      kind: "own",
      address,
      credentials,
      channelOptions: {
        "grpc.max_receive_message_length": maxBytes,
        ...channelOptions,
        // This machine is never behind a proxy, which would see the token of a call in clear.
        ...(isLoopbackTarget(address) && { "grpc.enable_http_proxy": 0 }),
      },
      secure,
    },
  };
}

/**
 * What interceptors see as the origin of a call. `https` only when the channel is known to be encrypted, so that an
 * interceptor which adds a token does not trust a channel that it should not; for the same reason no address of this machine
 * is shown where a proxy may stand between.
 */
function originOf(target: string, { secure, proxied }: { secure: boolean; proxied: boolean }): string {
  const scheme = secure ? "https" : "http";
  const url = `${scheme}://${hostOf(target)}`;
  const isShown = /^[\w.:[\]-]+$/.test(hostOf(target)) && URL.canParse(url) && (secure || !proxied);
  return isShown ? new URL(url).origin : `${scheme}://channel.invalid`;
}

/** Host and port of a target of grpc-js: `dns:///localhost:50051`, `ipv6:[::1]:80`, `localhost`. */
function hostOf(target: string): string {
  return target.replace(/^(?:dns|ipv4|ipv6|xds):(?:\/\/[^/]*\/)?/, "");
}

function isLoopbackTarget(target: string): boolean {
  const url = `http://${hostOf(target)}`;
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}

/** Whether grpc-js has a proxy to use, as it reads the environment. */
function hasProxy(): boolean {
  const { grpc_proxy, https_proxy, http_proxy } = process.env;
  return [grpc_proxy, https_proxy, http_proxy].some((url) => url !== undefined && url !== "");
}
