// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import { loadAuthLibrary } from "../auth/credential/library.js";
import { type AuthChoice, authInterceptors } from "../auth/for-client.js";
import { createOperationsClient } from "../client/client.js";
import type { OperationsClientOptions } from "../client/client-options.js";
import type { OperationsClient } from "../client/operations-client.js";
import { invalidOption, rejectUnknownKeys } from "../errors/options.js";
import { createRestTransport } from "../transport/rest/transport.js";
import { versionsOf } from "./api-rules.js";
import { createVersionedTransport } from "./api-transport.js";
import type { CatalogueEntry } from "./catalogue.js";
import { findApi } from "./find-api.js";
import { isFullName, operationOf } from "./full-name.js";
import { withFullNames } from "./full-names.js";
import { hostOf } from "./host.js";

/** Options of {@link createApiClient}. */
export interface ApiClientOptions extends Omit<OperationsClientOptions, "transport"> {
  /** `v1`. @default by the name of each operation: the version whose patterns alone take it, a stable one if there is any */
  readonly version?: string | undefined;
  /** The region whose endpoint is called: `us-central1`. @default the API's global endpoint */
  readonly region?: string | undefined;
  /** The universe of another Google cloud. @default "googleapis.com" */
  readonly universeDomain?: string | undefined;
  /** Where to send the calls in place of Google's endpoint: `http://127.0.0.1:8080` for an emulator. */
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
export interface ApiClient extends OperationsClient {
  /** Closes the connections, once the calls under way have ended. */
  close(): Promise<void>;
}

const OPTION_KEYS = {
  version: true,
  region: true,
  universeDomain: true,
  baseUrl: true,
  auth: true,
  interceptors: true,
  retry: true,
  polling: true,
  timeoutMs: true,
  registry: true,
  clock: true,
  random: true,
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
    baseUrl,
    auth,
    interceptors = [],
    ...rest
  } = options;
  const named = typeof api === "string" && isFullName(api) ? operationOf(api) : undefined;
  const { entry, region: ofHost, endpoint } = findApi(named?.api ?? api);
  const version = asked ?? named?.version;
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
  const transport = createVersionedTransport(entry, version, (httpRules) =>
    createRestTransport({ baseUrl: url, httpRules, interceptors: [...interceptors, ...credentials] }),
  );
  const client = createOperationsClient({ ...rest, transport });
  return { ...withFullNames(client, { entry, version, region }), close: () => transport.close() };
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
