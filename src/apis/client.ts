// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescMethod, MessageInitShape } from "@bufbuild/protobuf";
import { Code, type Interceptor } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { loadAuthLibrary } from "../auth/credential/library.js";
import { type AuthChoice, authInterceptors } from "../auth/for-client.js";
import type { OperationsClient } from "../client/client.js";
import { createOperationsClient } from "../client/client.js";
import type { OperationsClientOptions } from "../client/client-options.js";
import type { PollingOptions } from "../client/polling/polling-options.js";
import type { StartMethod, StartOperation, StartOptions } from "../client/start-operation.js";
import { CallError } from "../errors/call-error.js";
import {
  booleanOption,
  checkObject,
  interceptorsOption,
  invalidOption,
  rejectUnknownKeys,
} from "../errors/options.js";
import type { HttpRuleJson } from "../http-rule/rule-json.js";
import { selectorOf } from "../names/method-name.js";
import { HTTP_OPTION_KEYS, type HttpOptions } from "../transport/http/options.js";
import { createRestTransport, type RestRequest } from "../transport/rest/transport.js";
import { versionsOf } from "./api-rules.js";
import { createVersionedTransport } from "./api-transport.js";
import { calledApi } from "./called-api.js";
import { type CatalogueEntry, scopesFor } from "./catalogue.js";
import { withFullNames, withPlainName } from "./full-names.js";
import { createGrpcApiTransport } from "./grpc-transport.js";
import { shown } from "./invalid-api.js";
import { clientPolling, startPolling } from "./polling.js";

/**
 * Options of {@link createApiClient}. Over gRPC, `tls` and `proxy` apply to the HTTP/2 connection, and the other
 * `HttpOptions` are rejected.
 */
export interface ApiClientOptions extends Omit<OperationsClientOptions, "transport">, HttpOptions {
  /** `v1`. @default chosen by each operation's name: the only version whose patterns match it, stable versions first */
  readonly version?: string | undefined;
  /** The region whose endpoint is called: `us-central1`. @default the API's global endpoint */
  readonly region?: string | undefined;
  /** The domain of another Google cloud's universe. @default "googleapis.com" */
  readonly universeDomain?: string | undefined;
  /**
   * How calls are sent: REST with JSON, or gRPC (Node only; nearly all APIs support it).
   * @default "rest"
   */
  readonly protocol?: "rest" | "grpc" | undefined;
  /**
   * Where to send the calls in place of Google's endpoint: `http://127.0.0.1:8080` for an emulator.
   * @default the API's own endpoint
   */
  readonly baseUrl?: string | undefined;
  /** Allows an `http:` `baseUrl` on another machine: unencrypted, without a credential. @default false */
  readonly allowInsecure?: boolean | undefined;
  /**
   * How calls are authorized: a client of google-auth-library or anything else with `getRequestHeaders`, a function that
   * returns access tokens, options as of `googleAuth`, or `false` for no credential.
   * @default Application Default Credentials with the API's scopes; for a `baseUrl` on this machine, none
   */
  readonly auth?: AuthChoice | undefined;
  /** Interceptors for every attempt of every call; they come before the credential is added. @default [] */
  readonly interceptors?: readonly Interceptor[] | undefined;
}

/** A client of one Google API. It accepts plain names and full ones, `//spanner.googleapis.com/projects/...`. */
export interface ApiClient extends OperationsClient, AsyncDisposable {
  /**
   * The HTTP request that a call would send, without sending it and without a credential.
   *
   * @throws CallError, `requestSent: false`, if the call would not be sent, and over gRPC
   */
  describe<I extends DescMessage>(
    method: DescMethod & { readonly input: I },
    message: MessageInitShape<I>,
  ): RestRequest;
  /** Closes the connections, once the calls under way have ended; so does the end of an `await using` block. */
  close(): Promise<void>;
}

const OPTION_KEYS = {
  version: true,
  region: true,
  universeDomain: true,
  protocol: true,
  baseUrl: true,
  allowInsecure: true,
  auth: true,
  interceptors: true,
  retry: true,
  polling: true,
  timeoutMs: true,
  registry: true,
  observer: true,
  clock: true,
  random: true,
  ...HTTP_OPTION_KEYS,
} satisfies Record<keyof ApiClientOptions, true>;

/**
 * Creates a client for the operations of any Google API, with its endpoint, HTTP rules and scopes.
 *
 * @param api - `"spanner"`, `"spanner.googleapis.com"`, a regional host (`"us-central1-run.googleapis.com"`), or the full
 * name of an operation, `"//run.googleapis.com/projects/..."`.
 * @throws CallError `InvalidArgument`, not sent, for an unknown API, version or region; TypeError for an option that is
 * unknown or of another type.
 */
export function createApiClient(api: string, options: ApiClientOptions = {}): ApiClient {
  rejectUnknownKeys("createApiClient", options, OPTION_KEYS);
  const {
    version,
    region,
    universeDomain,
    baseUrl,
    protocol = "rest",
    auth,
    interceptors,
    ...others
  } = options;
  const { allowInsecure, tls, proxy, maxSockets, dispatcher, fetch, ...ofClient } = others;
  const called = calledApi(api, { version, region, universeDomain, baseUrl });
  const { entry } = called;
  if (ofClient.polling !== undefined) checkObject("createApiClient: polling", ofClient.polling);
  checkProtocol(entry, protocol);
  versionsOf(entry, called.version);
  const credentials = authInterceptors(auth, {
    owner: "createApiClient",
    baseUrl: called.baseUrl,
    methodScopes: methodScopesOf(entry, called.version),
    load: loadAuthLibrary,
  });
  const connection = {
    baseUrl: called.baseUrl,
    allowInsecure: booleanOption("createApiClient: allowInsecure", allowInsecure, false),
    interceptors: [...interceptorsOption(interceptors), ...credentials],
    ...{ tls, proxy, maxSockets, dispatcher, fetch },
  };
  const connect = (httpRules: readonly HttpRuleJson[]) => createRestTransport({ ...connection, httpRules });
  const rest = protocol === "rest" ? createVersionedTransport(entry, called.version, connect) : undefined;
  const transport = rest ?? createGrpcApiTransport(connection);
  const polling = clientPolling(entry.host, ofClient.polling);
  const client = createOperationsClient({ ...ofClient, polling, transport });
  const close = () => transport.close();
  return {
    ...withFullNames(client, called),
    startOperation: withPolling(client.startOperation, ofClient.polling),
    describe: (method, message) => {
      if (rest === undefined) throw notRest();
      return rest.describe(method, withPlainName(method, message, called));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** `startOperation` with the polling that the API recommends for the method, unless the options set it. */
function withPolling(startOperation: StartOperation, polling: PollingOptions | undefined): StartOperation {
  const start = (
    method: StartMethod<DescMessage>,
    request: MessageInitShape<DescMessage>,
    options: StartOptions<DescMessage, DescMessage> = {},
  ) =>
    startOperation(method, request, {
      ...options,
      polling: startPolling(selectorOf(method), polling, options?.polling),
    });
  return start as StartOperation; // The types in the options are passed on as they are.
}

function notRest(): CallError {
  return new CallError({
    code: Code.FailedPrecondition,
    message: 'describe: shows HTTP requests (got protocol "grpc"; expected "rest")',
    requestSent: false,
  });
}

/** The scopes of the API for each method of operations. */
function methodScopesOf(
  entry: CatalogueEntry,
  version: string | undefined,
): Readonly<Record<string, readonly string[]>> {
  const scopes = scopesFor(entry, version);
  if (scopes === undefined) return {};
  return Object.fromEntries(Operations.methods.map((method) => [selectorOf(method), scopes]));
}

/** Rejects an unknown protocol, and gRPC for an API that only supports REST. */
function checkProtocol({ title, versions }: CatalogueEntry, protocol: unknown): void {
  if (protocol !== "rest" && protocol !== "grpc") {
    throw invalidOption(`protocol: unknown (got ${shown(protocol)}; expected "rest" or "grpc")`);
  }
  if (protocol === "grpc" && !versions.some(({ grpc }) => grpc)) {
    throw invalidOption(`protocol: ${title} is not served over gRPC (got "grpc"; expected "rest")`);
  }
}
