// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import {
  interceptorsOption,
  invalidOption,
  positiveOption,
  rejectUnknownKeys,
} from "../../../errors/options.js";
import { DEFAULT_MAX_RESPONSE_BYTES } from "../../defaults.js";

/** A `Client` of `@grpc/grpc-js`, or of a subclass that code was generated for. Only its channel is used. */
export interface GrpcJsClient {
  makeUnaryRequest(...args: never[]): unknown;
  makeServerStreamRequest(...args: never[]): unknown;
  getChannel(): { getTarget(): string };
  close(): void;
}

/** Options of `createGrpcJsTransport`: a client that the program has, or what to make one of. */
export type GrpcJsTransportOptions = GrpcJsCallOptions & (GrpcJsGivenClient | GrpcJsOwnClient);

interface GrpcJsCallOptions {
  /** Run around every call, the first one outermost. @default none */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /** Milliseconds that a call may take when it brings no timeout of its own. @default none */
  readonly defaultTimeoutMs?: number | undefined;
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
  /** The largest message to take, in bytes; a larger one is `ResourceExhausted`. @default 64 MiB */
  readonly maxResponseBytes?: number | undefined;
}

/** The same, checked, with every default in its place. */
export interface ResolvedGrpcJsOptions {
  readonly origin: string;
  readonly interceptors: Interceptor[];
  readonly defaultTimeoutMs: number | undefined;
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
    };

const OPTION_KEYS = {
  client: true,
  address: true,
  credentials: true,
  channelOptions: true,
  maxResponseBytes: true,
  interceptors: true,
  defaultTimeoutMs: true,
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
  };
}

function givenSource({ client, ...others }: GrpcJsGivenClient): { origin: string; source: GrpcJsSource } {
  if (typeof client?.makeUnaryRequest !== "function" || typeof client.getChannel !== "function") {
    throw invalidOption("client is no Client of @grpc/grpc-js");
  }
  for (const name of ["address", "credentials", "channelOptions", "maxResponseBytes"] as const) {
    if (others[name] !== undefined) {
      throw invalidOption(`${name} is given together with client; expected one or the other`);
    }
  }
  const channel: ChannelInside = client.getChannel();
  return {
    origin: originOf(String(channel.getTarget?.()), channel.internalChannel?.credentials),
    source: { kind: "given", client },
  };
}

function ownSource(options: GrpcJsOwnClient): { origin: string; source: GrpcJsSource } {
  const { address, credentials, channelOptions = {} } = options;
  if (typeof address !== "string" || address === "") {
    throw invalidOption(
      `address is ${JSON.stringify(address)}; expected a target such as host:port, or a client`,
    );
  }
  if (credentials !== undefined && (typeof credentials !== "object" || credentials === null)) {
    throw invalidOption("credentials is no ChannelCredentials of @grpc/grpc-js");
  }
  if (typeof channelOptions !== "object" || channelOptions === null) {
    throw invalidOption(`channelOptions is ${String(channelOptions)}; expected an object`);
  }
  const maxBytes = positiveOption("maxResponseBytes", options.maxResponseBytes, DEFAULT_MAX_RESPONSE_BYTES);
  return {
    origin: originOf(address, credentials ?? TLS),
    source: {
      kind: "own",
      address,
      credentials,
      channelOptions: { "grpc.max_receive_message_length": maxBytes, ...channelOptions },
    },
  };
}

/** What grpc-js can tell about a channel's encryption, though not in its types. */
interface ChannelInside {
  getTarget?(): unknown;
  readonly internalChannel?: { readonly credentials?: CredentialsInside };
}

interface CredentialsInside {
  _isSecure?(): boolean;
}

const TLS: CredentialsInside = { _isSecure: () => true };

/**
 * What interceptors see as the origin of a call. `https` only when the channel is known to be encrypted, so that an
 * interceptor which adds a token does not trust a channel that it should not.
 */
function originOf(target: string, credentials: CredentialsInside | undefined): string {
  const scheme = credentials?._isSecure?.() === true ? "https" : "http";
  const host = target.replace(/^(?:dns|ipv4|ipv6|xds):(?:\/\/[^/]*\/)?/, "");
  const url = `${scheme}://${host}`;
  return /^[\w.:[\]-]+$/.test(host) && URL.canParse(url)
    ? new URL(url).origin
    : `${scheme}://channel.invalid`;
}
