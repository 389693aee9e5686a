// SPDX-License-Identifier: Apache-2.0
import { AD_MANAGER_HTTP_RULES, createAdManagerClient } from "../../admanager.js";
import { scopesFor } from "../../apis/catalogue.js";
import { type ApiClient, type ApiClientOptions, baseUrlOf, createApiClient } from "../../apis.js";
import { createRestTransport } from "../../index.js";
import type { Given } from "../arguments/origin.js";
import type { Settings, TypedFlags } from "../arguments/settings.js";
import { catalogueError } from "../catalogue-error.js";
import { UsageError } from "../usage-error.js";
import { bodyLog } from "./body-log.js";
import type { ChosenApi } from "./choose-api.js";
import { clientOptions, endpointError, refuseUnsendable } from "./client-options.js";
import { interceptorsFor } from "./credentials.js";
import type { Target } from "./target.js";

/** Opens an API of the catalogue: its endpoint, HTTP rules and scopes are known. */
export async function openKnownApi(settings: Settings, chosen: ChosenApi): Promise<Target> {
  const { request, context } = settings;
  const { api } = chosen;
  const { endpoint, serviceConfig: _config, httpPrefix: _prefix, ...others } = request;
  const isGrpc = request.transport?.value === "grpc";
  if (isGrpc && !api.versions.some(({ grpc }) => grpc)) {
    throw new UsageError(`${api.title} speaks REST only: leave --transport grpc out`);
  }
  const baseUrl = endpoint ?? googleEndpoint(settings, chosen);
  const parts = { ...others, api: chosen.given, baseUrl, httpRules: undefined };
  const interceptors = [
    ...(await interceptorsFor(parts, scopesFor(api, chosen.version), context)),
    ...bodyLog(settings),
  ];
  const connection = { baseUrl: baseUrl.value, allowInsecure: request.allowInsecure?.value };
  const client: ApiClient = open(chosen, {
    ...clientOptions(settings),
    version: chosen.version,
    region: request.region?.value ?? chosen.region,
    ...connection,
    protocol: isGrpc ? "grpc" : "rest",
    auth: false, // The interceptors authorize the calls, by the command line's rules.
    interceptors: isGrpc ? interceptors : [refuseUnsendable(() => client), ...interceptors],
  });
  const isAdManager = api.name === "admanager";
  const reports = isAdManager
    ? createRestTransport({ ...connection, httpRules: AD_MANAGER_HTTP_RULES, interceptors })
    : undefined;
  return {
    client,
    adManager: reports && createAdManagerClient({ ...clientOptions(settings), transport: reports }),
    rest: isGrpc ? undefined : client,
    place: { baseUrl: baseUrl.value, isAdManager, api: api.name, env: context.env },
    typed: typedFor(settings.typed, chosen),
    close: async () => {
      await Promise.all([client.close(), reports?.close()]);
    },
  };
}

/** The API's endpoint, with the origin of the choice: a profile that names the API names its host. */
function googleEndpoint({ request }: Settings, { name, given }: ChosenApi): Given<string> {
  const chooser = request.region ?? given;
  try {
    return { ...chooser, value: baseUrlOf(name, { region: request.region?.value }) };
  } catch (cause) {
    throw catalogueError(cause);
  }
}

function open({ api }: ChosenApi, options: ApiClientOptions): ApiClient {
  try {
    return createApiClient(api.host, options);
  } catch (cause) {
    throw endpointError(catalogueError(cause));
  }
}

/** Adds `--api` to the typed flags if a full name selected the API. */
function typedFor(typed: TypedFlags, { api, version, region, given }: ChosenApi): TypedFlags {
  if (given.setting !== "api" || given.origin !== "typed" || typed.api !== undefined) return typed;
  const name = version === undefined ? api.name : `${api.name}/${version}`;
  return { ...typed, api: name, ...(region !== undefined && { region }) };
}
