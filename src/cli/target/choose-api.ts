// SPDX-License-Identifier: Apache-2.0
import { AD_MANAGER_BASE_URL } from "../../admanager.js";
import { findApi } from "../../apis/find-api.js";
import { isFullName } from "../../apis/full-name.js";
import { type Api, apiOf, operationOf } from "../../apis.js";
import type { Given } from "../arguments/origin.js";
import type { RequestSettings } from "../arguments/settings.js";
import { catalogueError } from "../catalogue-error.js";
import { nameInUrl } from "../full-name.js";
import { UsageError } from "../usage-error.js";

/** The catalogue's API for the calls, and how it was chosen. */
export interface ChosenApi {
  readonly api: Api;
  /** The name, host (possibly a regional or mutual-TLS one) or full name that selected it. */
  readonly name: string;
  readonly version: string | undefined;
  /** The region of the host in a full name. */
  readonly region: string | undefined;
  /** Selected by a flag, or by a typed name. */
  readonly given: Given<string>;
}

const AD_MANAGER = "admanager";

/**
 * Selects the API of the catalogue from the settings and names; undefined for any other API, whose server and rules must
 * be given. Typed values win: `--api`, then a full name, then explicit HTTP rules. They are followed by a profile's `api`
 * and the host of the endpoint. The default, and the choice for names of Ad Manager, is Ad Manager.
 *
 * @throws UsageError for an unknown API, and for a setting that contradicts another
 */
export function chooseApi(request: RequestSettings, names: readonly string[]): ChosenApi | undefined {
  const { api, endpoint } = request;
  const rules = request.serviceConfig ?? request.httpPrefix;
  const fullName = names.find(isFullName);
  if (
    api !== undefined &&
    (api.origin === "typed" || (fullName === undefined && rules?.origin !== "typed"))
  ) {
    return namedApi(api, rules);
  }
  if (rules?.origin === "typed") return undefined;
  if (fullName !== undefined) return apiOfName(fullName, endpoint);
  if (rules !== undefined) return undefined;
  if (endpoint === undefined)
    return chosen(AD_MANAGER, { value: AD_MANAGER, origin: "default", setting: "api" });
  const host = hostOf(endpoint.value);
  if (host !== undefined) return chosen(host, endpoint);
  const isAdManager =
    endpoint.value.startsWith(AD_MANAGER_BASE_URL) ||
    (names.length > 0 && names.every((name) => name.startsWith("networks/")));
  return isAdManager ? chosen(AD_MANAGER, endpoint) : undefined;
}

/** `spanner`, `run/v2`, `us-central1-run.googleapis.com`; `generic` means an API outside the catalogue. */
function namedApi(given: Given<string>, rules: Given<string> | undefined): ChosenApi | undefined {
  if (given.value === "generic") return undefined;
  if (rules !== undefined && rules.origin === given.origin) {
    const flag = rules.setting === "httpPrefix" ? "--http-prefix" : "--service-config";
    throw new UsageError(
      `--api: brings HTTP rules of its own (got ${given.value} beside ${flag}; expected one of them)`,
    );
  }
  const [name = "", version, ...others] = given.value.split("/");
  if (others.length > 0 || version === "") {
    throw new UsageError(`--api: is not an API (got ${given.value}; expected NAME or NAME/VERSION)`);
  }
  try {
    const { entry, region } = findApi(name); // A regional host names the region, as it does in a full name.
    return { api: entry, name, version, region, given };
  } catch (cause) {
    throw catalogueError(cause, {
      next: "longrunning apis [FILTER] lists the known ones; --api generic is for any other",
    });
  }
}

/** The API of a full name. If an endpoint was typed, any host is allowed: that server is called with plain names. */
function apiOfName(fullName: string, endpoint: Given<string> | undefined): ChosenApi | undefined {
  try {
    const { api: host, version, region } = operationOf(fullName);
    const given = { value: fullName, origin: "typed", setting: "api" } as const;
    return { api: apiOf(host), name: fullName, version, region, given };
  } catch (cause) {
    if (endpoint?.origin === "typed" && nameInUrl(fullName) !== undefined) return undefined;
    throw catalogueError(cause, { next: `the name in that URL is ${nameInUrl(fullName) ?? "missing"}` });
  }
}

function chosen(name: string, given: Given<string>): ChosenApi {
  return { api: apiOf(name), name, version: undefined, region: undefined, given };
}

/** The host of an endpoint if it is one of Google's whose rules are known. */
function hostOf(endpoint: string): string | undefined {
  const host = /^https:\/\/([\w.-]+)\/?$/.exec(endpoint)?.[1];
  if (host === undefined) return undefined;
  try {
    return apiOf(host).versions.some(({ hasRules }) => hasRules) ? host : undefined;
  } catch {
    return undefined; // Not in the catalogue.
  }
}
