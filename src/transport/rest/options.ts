// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { DEFAULT_MAX_RESPONSE_BYTES } from "../../budgets/budgets.js";
import {
  booleanOption,
  interceptorsOption,
  invalidOption,
  positiveOption,
  registryOption,
  rejectUnknownKeys,
} from "../../errors/options.js";
import type { HttpRuleJson } from "../../http-rule/rule-json.js";
import { createRuleSet, type RuleSet } from "../../http-rule/rule-set.js";
import type { TransportSettings } from "../call/transport.js";
import { type Endpoint, parseBaseUrl } from "../endpoint.js";
import type { HttpEngine } from "../http/engine.js";
import { HTTP_OPTION_KEYS, type HttpOptions, resolveEngine } from "../http/options.js";
import { isLoopbackName } from "../loopback.js";

/**
 * Query parameters that Google's servers understand on every method
 * (https://cloud.google.com/apis/docs/system-parameters). They go out under their `$` names, which no field of a
 * message can have. A server that does not know them may reject the request.
 */
export interface SystemParameters {
  /**
   * How the server writes enum values in responses. By number, a value newer than the schema survives; by name, it is lost.
   * @default "int" for `*.googleapis.com`, "name" elsewhere
   */
  readonly enumEncoding?: "int" | "name" | undefined;
  /** Whether the server indents responses: `$prettyPrint`. @default not sent */
  readonly prettyPrint?: boolean | undefined;
  /** The version of the API's surface that is asked for: `$apiVersion` (AIP-4238). @default not sent */
  readonly apiVersion?: string | undefined;
}

/** Options of `createRestTransport`. */
export interface RestTransportOptions extends HttpOptions {
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
  /** The largest response to take, in bytes, after decompression; a larger one is `ResourceExhausted`. @default 8 MiB */
  readonly maxResponseBytes?: number | undefined;
  /** Query parameters of Google's that go with every request. @default `enumEncoding: "int"` for `*.googleapis.com` */
  readonly systemParameters?: SystemParameters | undefined;
  /** Allows `http:` to other machines, unencrypted. @default false */
  readonly allowInsecure?: boolean | undefined;
}

/** The same, checked, with every default in its place. */
export interface ResolvedRestOptions extends TransportSettings {
  readonly endpoint: Endpoint;
  readonly rules: RuleSet;
  readonly registry: Registry | undefined;
  readonly sendServerTimeout: boolean;
  readonly maxResponseBytes: number;
  readonly systemQuery: string;
  readonly engine: HttpEngine;
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
  ...HTTP_OPTION_KEYS,
} as const satisfies Record<keyof RestTransportOptions, true>;

const SYSTEM_PARAMETER_KEYS = {
  enumEncoding: true,
  prettyPrint: true,
  apiVersion: true,
} as const satisfies Record<keyof SystemParameters, true>;

/**
 * Checks the options of `createRestTransport` and fills in the defaults.
 *
 * @throws TypeError naming the option and its value; HttpRuleError for a rule that cannot be used.
 */
export function resolveRestOptions(options: RestTransportOptions): ResolvedRestOptions {
  rejectUnknownKeys("createRestTransport", options, OPTION_KEYS);
  const allowInsecure = booleanOption("allowInsecure", options.allowInsecure, false);
  const endpoint = parseBaseUrl(options.baseUrl, { allowInsecure });
  const engine = resolveEngine(options, endpoint);
  return {
    origin: endpoint.origin,
    endpoint,
    rules: rulesOption(options.httpRules ?? []),
    registry: registryOption("registry", options.registry),
    interceptors: interceptorsOption(options.interceptors),
    defaultTimeoutMs: positiveOption("defaultTimeoutMs", options.defaultTimeoutMs, undefined),
    sendServerTimeout: booleanOption("sendServerTimeout", options.sendServerTimeout, false),
    maxResponseBytes: positiveOption(
      "maxResponseBytes",
      options.maxResponseBytes,
      DEFAULT_MAX_RESPONSE_BYTES,
    ),
    systemQuery: systemQueryOption(options.systemParameters ?? {}, endpoint),
    engine,
    loopbackResolved: !endpoint.secure && isLoopbackName(endpoint.hostname) && engine.resolvesLoopback,
  };
}

function rulesOption(httpRules: readonly HttpRuleJson[]): RuleSet {
  if (!Array.isArray(httpRules))
    throw invalidOption("httpRules: not an array (expected rules with a selector each)");
  return createRuleSet(httpRules);
}

function systemQueryOption(parameters: SystemParameters, endpoint: Endpoint): string {
  rejectUnknownKeys("systemParameters", parameters, SYSTEM_PARAMETER_KEYS);
  const { enumEncoding, prettyPrint, apiVersion } = parameters;
  if (enumEncoding !== undefined && enumEncoding !== "int" && enumEncoding !== "name") {
    throw invalidOption(
      `systemParameters.enumEncoding: invalid value (got ${String(enumEncoding)}; expected "int" or "name")`,
    );
  }
  booleanOption("systemParameters.prettyPrint", prettyPrint, false);
  if (apiVersion !== undefined && (typeof apiVersion !== "string" || !/^[!-~]+$/.test(apiVersion))) {
    throw invalidOption(
      `systemParameters.apiVersion: invalid value (got ${JSON.stringify(apiVersion)}; expected visible ASCII)`,
    );
  }
  return toSystemQuery(parameters, endpoint);
}

/** The parameters as a query, percent-encoded and without `?`; empty when there are none. */
function toSystemQuery(parameters: SystemParameters, endpoint: Endpoint): string {
  const isGoogle = endpoint.hostname === "googleapis.com" || endpoint.hostname.endsWith(".googleapis.com");
  const { enumEncoding = isGoogle ? "int" : "name", prettyPrint, apiVersion } = parameters;
  const pairs: string[] = [];
  // The semicolon must be encoded: servers take a bare one for a separator.
  if (enumEncoding === "int") pairs.push("$alt=json%3Benum-encoding%3Dint");
  if (prettyPrint !== undefined) pairs.push(`$prettyPrint=${prettyPrint ? 1 : 0}`);
  if (apiVersion !== undefined) pairs.push(`$apiVersion=${encodeURIComponent(apiVersion)}`);
  return pairs.join("&");
}
