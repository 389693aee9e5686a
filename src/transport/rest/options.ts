// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { createHttpClient } from "#http-client";
import {
  booleanOption,
  interceptorsOption,
  invalidOption,
  positiveOption,
  rejectUnknownKeys,
} from "../../errors/options.js";
import type { HttpRuleJson } from "../../http-rule/rule-json.js";
import { createRuleSet, type RuleSet } from "../../http-rule/rule-set.js";
import { DEFAULT_MAX_RESPONSE_BYTES } from "../defaults.js";
import { type Endpoint, parseBaseUrl } from "../endpoint.js";
import type { HttpClient, TlsOptions } from "../http/http-client.js";
import { type SystemParameters, toSystemQuery } from "./system-parameters.js";

/** Options of `createRestTransport`. */
export interface RestTransportOptions {
  /** `https://host[:port][/prefix]`, or `http:` to this machine. The prefix stands in front of every path. */
  readonly baseUrl: string;
  /**
   * HTTP rules for methods that have none or another one at this API, as `http.rules` of its service configuration has
   * them (`google.api.HttpRule`, in either spelling). One replaces the whole rule of its method.
   * @default none: the annotations of the methods
   */
  readonly httpRules?: readonly HttpRuleJson[] | undefined;
  /** Message types that may be inside a `google.protobuf.Any`, beside those of the method's file. @default none */
  readonly registry?: Registry | undefined;
  /** Run around every call, the first one outermost. @default none */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /** Milliseconds that a call may take when it brings no timeout of its own. @default none */
  readonly defaultTimeoutMs?: number | undefined;
  /** Tells the server the call's timeout, as `X-Server-Timeout` in seconds. @default false */
  readonly sendServerTimeout?: boolean | undefined;
  /** The largest answer to take, in bytes, after decompression; a larger one is `ResourceExhausted`. @default 64 MiB */
  readonly maxResponseBytes?: number | undefined;
  /** Query parameters of Google's that go with every request. @default `enumEncoding: "int"` for `*.googleapis.com` */
  readonly systemParameters?: SystemParameters | undefined;
  /** Takes `http:` to other machines, unencrypted. @default false */
  readonly allowInsecure?: boolean | undefined;
  /** A private certificate authority, a client certificate, and so on; for `https:` in Node. @default the platform's */
  readonly tls?: TlsOptions | undefined;
  /** What sends the requests. It is closed with the transport. @default undici in Node, `fetch` elsewhere */
  readonly httpClient?: HttpClient | undefined;
}

/** The same, checked, with every default in its place. */
export interface ResolvedRestOptions {
  readonly endpoint: Endpoint;
  readonly rules: RuleSet;
  readonly registry: Registry | undefined;
  readonly interceptors: Interceptor[];
  readonly defaultTimeoutMs: number | undefined;
  readonly sendServerTimeout: boolean;
  readonly maxResponseBytes: number;
  readonly systemQuery: string;
  readonly httpClient: HttpClient;
}

const OPTION_KEYS = {
  baseUrl: true,
  httpRules: true,
  registry: true,
  interceptors: true,
  defaultTimeoutMs: true,
  sendServerTimeout: true,
  maxResponseBytes: true,
  systemParameters: true,
  allowInsecure: true,
  tls: true,
  httpClient: true,
} as const satisfies Record<keyof RestTransportOptions, true>;

const SYSTEM_PARAMETER_KEYS = {
  enumEncoding: true,
  prettyPrint: true,
  apiVersion: true,
} as const satisfies Record<keyof SystemParameters, true>;
const TLS_OPTION_KEYS = {
  ca: true,
  cert: true,
  key: true,
  passphrase: true,
  servername: true,
} as const satisfies Record<keyof TlsOptions, true>;

/**
 * Checks the options of `createRestTransport` and fills in the defaults.
 *
 * @throws TypeError naming the option and its value; HttpRuleError for a rule that cannot be used.
 */
export function resolveRestOptions(options: RestTransportOptions): ResolvedRestOptions {
  rejectUnknownKeys("createRestTransport", options, OPTION_KEYS);
  const allowInsecure = booleanOption("allowInsecure", options.allowInsecure, false);
  const endpoint = parseBaseUrl(options.baseUrl, { allowInsecure });
  return {
    endpoint,
    rules: rulesOption(options.httpRules ?? []),
    registry: registryOption(options.registry),
    interceptors: interceptorsOption(options.interceptors),
    defaultTimeoutMs: positiveOption("defaultTimeoutMs", options.defaultTimeoutMs, undefined),
    sendServerTimeout: booleanOption("sendServerTimeout", options.sendServerTimeout, false),
    maxResponseBytes: positiveOption(
      "maxResponseBytes",
      options.maxResponseBytes,
      DEFAULT_MAX_RESPONSE_BYTES,
    ),
    systemQuery: systemQueryOption(options.systemParameters ?? {}, endpoint),
    httpClient: httpClientOption(options, endpoint),
  };
}

function rulesOption(httpRules: readonly HttpRuleJson[]): RuleSet {
  if (!Array.isArray(httpRules))
    throw invalidOption("httpRules is not an array; expected rules with a selector each");
  return createRuleSet(httpRules);
}

function registryOption(registry: Registry | undefined): Registry | undefined {
  if (registry === undefined || registry?.kind === "registry") return registry;
  throw invalidOption(
    "registry is not a registry; expected one made by createRegistry of @bufbuild/protobuf",
  );
}

function systemQueryOption(parameters: SystemParameters, endpoint: Endpoint): string {
  rejectUnknownKeys("systemParameters", parameters, SYSTEM_PARAMETER_KEYS);
  const { enumEncoding, prettyPrint, apiVersion } = parameters;
  if (enumEncoding !== undefined && enumEncoding !== "int" && enumEncoding !== "name") {
    throw invalidOption(`systemParameters.enumEncoding is ${String(enumEncoding)}; expected "int" or "name"`);
  }
  booleanOption("systemParameters.prettyPrint", prettyPrint, false);
  if (apiVersion !== undefined && (typeof apiVersion !== "string" || !/^[!-~]+$/.test(apiVersion))) {
    throw invalidOption(
      `systemParameters.apiVersion is ${JSON.stringify(apiVersion)}; expected visible ASCII`,
    );
  }
  return toSystemQuery(parameters, endpoint);
}

function httpClientOption({ httpClient, tls }: RestTransportOptions, endpoint: Endpoint): HttpClient {
  if (tls !== undefined) {
    rejectUnknownKeys("tls", tls, TLS_OPTION_KEYS);
    if (!endpoint.secure) throw invalidOption("tls is given, but baseUrl is http:; expected https:");
    if (httpClient !== undefined)
      throw invalidOption("tls and httpClient are both given; expected one of them");
  }
  if (httpClient === undefined) return createHttpClient({ tls });
  if (typeof httpClient?.send === "function" && typeof httpClient.close === "function") return httpClient;
  throw invalidOption("httpClient has no send or no close function");
}
