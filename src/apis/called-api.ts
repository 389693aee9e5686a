// SPDX-License-Identifier: Apache-2.0
import { invalidOption, rejectUnknownKeys } from "../errors/options.js";
import { type Api, type CatalogueEntry, publicApi } from "./catalogue.js";
import { findApi } from "./find-api.js";
import { isFullName, operationOf } from "./full-name.js";
import { hostOf, type Location } from "./host.js";

/** An API with the endpoint and version to call. */
export interface CalledApi {
  readonly entry: CatalogueEntry;
  readonly version: string | undefined;
  readonly region: string | undefined;
  /** Google's endpoint, or the caller's `baseUrl`. */
  readonly baseUrl: string;
}

/** The caller's options besides the API's name. */
export interface CallOptions extends Location {
  readonly version?: string | undefined;
  readonly baseUrl?: string | undefined;
}

const LOCATION_KEYS = { region: true, universeDomain: true } as const satisfies Record<keyof Location, true>;

/** Finds an API and its endpoint by name, host or the full name of an operation. */
export function calledApi(api: string, options: CallOptions): CalledApi {
  const named = typeof api === "string" && isFullName(api) ? operationOf(api) : undefined;
  const { entry, region: ofHost, endpoint } = findApi(named?.api ?? api);
  const { universeDomain, version = named?.version } = options;
  if (endpoint !== undefined && universeDomain !== undefined) {
    throw invalidOption(
      `universeDomain: given beside the host ${endpoint} (expected the API's name alone, ${entry.name})`,
    );
  }
  const region = options.region ?? named?.region ?? ofHost;
  const host =
    options.region === undefined && endpoint !== undefined
      ? endpoint
      : hostOf(entry.host, { region, universeDomain });
  return { entry, version, region, baseUrl: options.baseUrl ?? `https://${host}` };
}

/**
 * The entry of an API in the catalogue.
 *
 * @param api - `spanner`, `spanner.googleapis.com`, a regional host, or the full name of an operation.
 * @throws CallError `InvalidArgument`, not sent, for an unknown API, with the nearest names; TypeError for what is no text.
 */
export function apiOf(api: string): Api {
  return publicApi(calledApi(api, {}).entry);
}

/**
 * The endpoint of an API, to create a transport yourself:
 * `createRestTransport({ baseUrl: baseUrlOf("run", { region: "us-central1" }), httpRules: httpRulesOf("run") })`.
 *
 * @param api - `spanner`, `spanner.googleapis.com`.
 * @throws CallError `InvalidArgument`, not sent, for an unknown API, or a region or universe domain that is no valid host
 * name; TypeError for an argument of another type.
 */
export function baseUrlOf(api: string, location: Location = {}): string {
  rejectUnknownKeys("baseUrlOf", location, LOCATION_KEYS);
  return calledApi(api, location).baseUrl;
}
