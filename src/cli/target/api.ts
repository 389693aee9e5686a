// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import { AD_MANAGER_BASE_URL, AD_MANAGER_HTTP_RULES } from "../../admanager.js";
import { type HttpRuleJson, operationsHttpRules } from "../../index.js";
import { type ConfigFile, readConfigFile } from "../arguments/config-file.js";
import type { Given } from "../arguments/origin.js";
import type { RequestSettings, Settings } from "../arguments/settings.js";
import { UsageError } from "../usage-error.js";

/** Where an API is, and by which rules it is called, each with its origin. */
export interface Api {
  readonly isAdManager: boolean;
  readonly baseUrl: Given<string>;
  readonly httpRules: Given<readonly HttpRuleJson[]>;
}

const DEFAULT_PREFIX: Given<string> = { value: "/v1", origin: "default", setting: "httpPrefix" };

/**
 * The API that the settings ask for. Ad Manager it is when nothing else is said, or when the names are its own; every
 * other one needs an endpoint, or a service configuration that names one.
 *
 * @throws UsageError
 */
export async function apiOf({ request, context }: Settings, names: readonly string[]): Promise<Api> {
  const { endpoint, serviceConfig } = request;
  const isAdManager = isForAdManager(request, names);
  if (isAdManager) {
    if (request.transport?.value === "grpc" && endpoint === undefined) {
      throw new UsageError("Ad Manager speaks REST only: leave --transport grpc out");
    }
    return {
      isAdManager,
      baseUrl: endpoint ?? { value: AD_MANAGER_BASE_URL, origin: "default", setting: "endpoint" },
      httpRules: { value: AD_MANAGER_HTTP_RULES, origin: "default", setting: "serviceConfig" },
    };
  }
  const config = serviceConfig && (await readServiceConfig(serviceConfig, context));
  const baseUrl = endpoint ?? config?.baseUrl;
  if (baseUrl === undefined) {
    throw new UsageError("--api generic needs to know where the API is", { next: "give --endpoint URL" });
  }
  return {
    isAdManager,
    baseUrl,
    httpRules: config?.httpRules ?? prefixRules(request.httpPrefix ?? DEFAULT_PREFIX),
  };
}

function isForAdManager(request: RequestSettings, names: readonly string[]): boolean {
  const { api, endpoint, serviceConfig, httpPrefix } = request;
  if (api !== undefined) return api.value === "admanager";
  if (serviceConfig !== undefined || httpPrefix !== undefined) return false;
  if (endpoint === undefined || endpoint.value.startsWith(AD_MANAGER_BASE_URL)) return true;
  return names.length > 0 && names.every((name) => name.startsWith("networks/"));
}

/**
 * The rules of a service configuration, and the host that it is of. The rules are as good as the word that chose the file,
 * and a trusted profile vouches for the file as it was then; the host is as good as the file.
 */
async function readServiceConfig(given: Given<string>, { cwd, env }: Settings["context"]) {
  const { httpRulesFromServiceConfig } = await import("../../service-config.js");
  const path = resolve(cwd, given.value);
  try {
    const file = readConfigFile(path, env, given.origin === "typed");
    const origin = given.origin === "trusted" ? file.origin : given.origin;
    const httpRules: Given<readonly HttpRuleJson[]> = {
      value: httpRulesFromServiceConfig(file.text),
      origin,
      setting: "serviceConfig",
      file: origin === given.origin ? given.file : file.path,
    };
    return { httpRules, baseUrl: hostOf(file, given) };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--service-config ${path}: ${problem}`, { cause });
  }
}

/** A file of somebody else chose the file: the host is not better than that choice. */
function hostOf(file: ConfigFile, { origin, file: chooser }: Given<string>): Given<string> | undefined {
  const host = /^name:\s*["']?([\w.-]+\.[\w-]+)["']?\s*$/m.exec(file.text)?.[1];
  if (host === undefined) return undefined;
  const value = `https://${host}`;
  return origin === "folder"
    ? { value, origin, setting: "serviceConfig", file: chooser }
    : { value, origin: file.origin, setting: "host", file: file.path };
}

function prefixRules(prefix: Given<string>): Given<readonly HttpRuleJson[]> {
  try {
    return { ...prefix, value: operationsHttpRules({ prefix: prefix.value }) };
  } catch (cause) {
    throw new UsageError(
      `--http-prefix: is not usable (got "${prefix.value}"; expected a path such as /v1, or "")`,
      {
        cause,
      },
    );
  }
}
