// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescMethod, MessageInitShape } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { loadAuthLibrary } from "../auth/credential/library.js";
import { type AuthChoice, authInterceptors } from "../auth/for-client.js";
import type { OperationsClient } from "../client/client.js";
import { createOperationsClient } from "../client/client.js";
import type { OperationsClientOptions } from "../client/client-options.js";
import type { PollingOptions } from "../client/polling/polling-options.js";
import type { StartMethod, StartOperation, StartOptions } from "../client/start-operation.js";
import { invalidOption, rejectUnknownKeys } from "../errors/options.js";
import { selectorOf } from "../names/method-name.js";
import { HTTP_OPTION_KEYS, type HttpOptions } from "../transport/http/options.js";
import { createRestTransport } from "../transport/rest/transport.js";
import { versionsOf } from "./api-rules.js";
import { createVersionedTransport } from "./api-transport.js";
import type { CatalogueEntry } from "./catalogue.js";
import { findApi } from "./find-api.js";
import { isFullName, operationOf } from "./full-name.js";
import { withFullNames } from "./full-names.js";
import { createGrpcApiTransport } from "./grpc-transport.js";
import { hostOf } from "./host.js";
import { pollingOf } from "./polling.js";

/** Options of {@link createApiClient}. */
export interface ApiClientOptions extends Omit<OperationsClientOptions, "transport">, HttpOptions {
  /** `v1`. @default by the name of each operation: the version whose patterns alone take it, a stable one if there is any */
  readonly version?: string | undefined;
  /** The region whose endpoint is called: `us-central1`. @default the API's global endpoint */
  readonly region?: string | undefined;
  /** The universe of another Google cloud. @default "googleapis.com" */
  readonly universeDomain?: string | undefined;
  /**
   * How calls are sent: REST with JSON, or gRPC, which nearly all APIs have; in Node only.
   * @default "rest"
   */
  readonly protocol?: "rest" | "grpc" | undefined;
  /**
   * Where to send the calls in place of Google's endpoint: `http://127.0.0.1:8080` for an emulator.
   * @default the API's own endpoint
   */
  readonly baseUrl?: string | undefined;
  /**
   * How calls are authorized: a client of google-auth-library or anything else with `getRequestHeaders`, a function that
   * answers access tokens, options as of `googleAuth`, or `false` for not at all.
   * @default Application Default Credentials with the API's scopes; for a `baseUrl` on this machine, none
   */
  readonly auth?: AuthChoice | undefined;
  /** Interceptors for every attempt of every call; they come before the credential is added. @default [] */
  readonly interceptors?: readonly Interceptor[] | undefined;
}

/** A client of one API of Google. Besides plain names it takes full ones, `//spanner.googleapis.com/projects/...`. */
export interface ApiClient extends OperationsClient, AsyncDisposable {
  /** Closes the connections, once the calls under way have ended; so does the end of an `await using` block. */
  close(): Promise<void>;
}

const OPTION_KEYS = {
  version: true,
  region: true,
  universeDomain: true,
  protocol: true,
  baseUrl: true,
  auth: true,
  interceptors: true,
  retry: true,
  polling: true,
  timeoutMs: true,
  registry: true,
  clock: true,
  random: true,
  ...HTTP_OPTION_KEYS,
} satisfies Record<keyof ApiClientOptions, true>;

const METHODS = ["GetOperation", "ListOperations", "DeleteOperation", "CancelOperation", "WaitOperation"];

/**
 * Creates a client for the operations of any Google API: its endpoint, its http rules, its scopes.
 *
 * @param api - `"spanner"`, `"spanner.googleapis.com"`, a regional host (`"us-central1-run.googleapis.com"`), or the full
 * name of an operation, `"//run.googleapis.com/projects/..."`.
 * @throws CallError `InvalidArgument`, not sent, for an unknown API, version, region or option.
 */
export function createApiClient(api: string, options: ApiClientOptions = {}): ApiClient {
  rejectUnknownKeys("createApiClient", options, OPTION_KEYS);
  const {
    version: asked,
    region: given,
    universeDomain,
    protocol = "rest",
    baseUrl,
    auth,
    interceptors = [],
    tls,
    proxy,
    maxSockets,
    dispatcher,
    fetch,
    ...rest
  } = options;
  const named = typeof api === "string" && isFullName(api) ? operationOf(api) : undefined;
  const { entry, region: ofHost, endpoint } = findApi(named?.api ?? api);
  const version = asked ?? named?.version;
  checkProtocol(entry, protocol);
  versionsOf(entry, version);
  const region = given ?? named?.region ?? ofHost;
  if (endpoint !== undefined && universeDomain !== undefined) {
    throw invalidOption(`universeDomain: given beside the host ${endpoint}; expected the API's name alone`);
  }
  const url =
    baseUrl ??
    `https://${given === undefined && endpoint !== undefined ? endpoint : hostOf(entry.host, { region, universeDomain })}`;
  const credentials = authInterceptors(auth, {
    owner: "createApiClient",
    baseUrl: url,
    methodScopes: methodScopesOf(entry, version),
    load: loadAuthLibrary,
  });
  const all = [...interceptors, ...credentials];
  const http = { tls, proxy, maxSockets, dispatcher, fetch };
  if (protocol === "grpc") refuseHttpOptions(http);
  const transport =
    protocol === "grpc"
      ? createGrpcApiTransport({ baseUrl: url, interceptors: all })
      : createVersionedTransport(entry, version, (httpRules) =>
          createRestTransport({ baseUrl: url, httpRules, interceptors: all, ...http }),
        );
  const client = createOperationsClient({ ...rest, transport });
  return {
    ...withFullNames(client, { entry, version, region }),
    startOperation: withPolling(client.startOperation, rest.polling),
    close: () => transport.close(),
    [Symbol.asyncDispose]: () => transport.close(),
  };
}

/** `startOperation` with the polling that the API recommends for the method, where the options leave it open. */
function withPolling(startOperation: StartOperation, polling: PollingOptions | undefined): StartOperation {
  const start = (
    method: StartMethod<DescMessage>,
    request: MessageInitShape<DescMessage>,
    options: StartOptions<DescMessage, DescMessage> = {},
  ) =>
    startOperation(method, request, {
      ...options,
      polling: { ...methodPolling(method), ...defined(polling), ...defined(options.polling) },
    });
  return start as StartOperation; // The types in the options are passed on as they are.
}

/** They belong to REST: gRPC has a connection of its own. */
function refuseHttpOptions(options: HttpOptions): void {
  const given = Object.entries(options).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  throw invalidOption(`${given[0]}: given beside protocol "grpc" (expected protocol "rest")`);
}

/** The scopes of the API for each method of operations: of its version, else of the first that has any. */
function methodScopesOf(
  entry: CatalogueEntry,
  version: string | undefined,
): Readonly<Record<string, readonly string[]>> {
  const scopes = entry.versions.find(
    (one) => (version === undefined || one.version === version) && one.scopes.length > 0,
  )?.scopes;
  if (scopes === undefined) return {};
  return Object.fromEntries(METHODS.map((method) => [`google.longrunning.Operations.${method}`, scopes]));
}

/** Refuses a protocol that is none, and gRPC for an API that is served over REST alone. */
function checkProtocol({ title, versions }: CatalogueEntry, protocol: unknown): void {
  if (protocol !== "rest" && protocol !== "grpc") {
    throw invalidOption(`protocol: unknown (got ${JSON.stringify(protocol)}; expected "rest" or "grpc")`);
  }
  if (protocol === "grpc" && !versions.some(({ grpc }) => grpc)) {
    throw invalidOption(`protocol: ${title} is not served over gRPC (got "grpc"; expected "rest")`);
  }
}

/** The polling that the API's configuration has for operations of a start method. */
function methodPolling(method: DescMethod): PollingOptions {
  const settings = pollingOf(selectorOf(method));
  if (settings === undefined) return {};
  const { initialMs, multiplier, maxMs, timeoutMs } = settings;
  return { initialMs, multiplier, maxMs, timeoutMs };
}

/** Without the options that are given as undefined, which would hide what stands behind them. */
function defined(polling: PollingOptions = {}): PollingOptions {
  return Object.fromEntries(Object.entries(polling).filter(([, value]) => value !== undefined));
}
