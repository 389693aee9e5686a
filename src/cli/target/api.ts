// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { AD_MANAGER_BASE_URL, AD_MANAGER_HTTP_RULES } from "../../admanager.js";
import { type HttpRuleJson, operationsHttpRules } from "../../index.js";
import type { Settings } from "../arguments/settings.js";
import { UsageError } from "../usage-error.js";

/** Where an API is, and by which rules it is called. */
export interface Api {
  readonly isAdManager: boolean;
  readonly baseUrl: string;
  readonly httpRules: readonly HttpRuleJson[];
}

/**
 * The API that the settings ask for. Ad Manager it is when nothing else is said, or when the names are its own; every
 * other one needs an endpoint, or a service configuration that names one.
 *
 * @throws UsageError
 */
export async function apiOf({ flags, surroundings }: Settings, names: readonly string[]): Promise<Api> {
  const { endpoint, serviceConfig } = flags;
  const isAdManager = isForAdManager(flags, names);
  if (isAdManager) {
    if (flags.transport === "grpc" && endpoint === undefined) {
      throw new UsageError("Ad Manager speaks REST only: leave --transport grpc out");
    }
    return { isAdManager, baseUrl: endpoint ?? AD_MANAGER_BASE_URL, httpRules: AD_MANAGER_HTTP_RULES };
  }
  const config =
    serviceConfig === undefined ? undefined : await readConfig(resolve(surroundings.cwd, serviceConfig));
  const baseUrl = endpoint ?? config?.baseUrl;
  if (baseUrl === undefined) {
    throw new UsageError("--api generic needs to know where the API is", { next: "give --endpoint URL" });
  }
  return { isAdManager, baseUrl, httpRules: config?.httpRules ?? prefixRules(flags.httpPrefix ?? "/v1") };
}

function isForAdManager(
  { api, endpoint, serviceConfig, httpPrefix }: Settings["flags"],
  names: readonly string[],
) {
  if (api !== undefined) return api === "admanager";
  if (serviceConfig !== undefined || httpPrefix !== undefined) return false;
  if (endpoint === undefined || endpoint.startsWith(AD_MANAGER_BASE_URL)) return true;
  return names.length > 0 && names.every((name) => name.startsWith("networks/"));
}

/** The rules of a service configuration, and the host that it is of. */
async function readConfig(path: string) {
  const { httpRulesFromServiceConfig } = await import("../../service-config.js");
  try {
    const text = readFileSync(path, "utf8");
    const host = /^name:\s*["']?([\w.-]+\.[\w-]+)["']?\s*$/m.exec(text)?.[1];
    return {
      httpRules: httpRulesFromServiceConfig(text),
      baseUrl: host === undefined ? undefined : `https://${host}`,
    };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--service-config ${path}: ${problem}`, { cause });
  }
}

function prefixRules(prefix: string): HttpRuleJson[] {
  try {
    return operationsHttpRules({ prefix });
  } catch (cause) {
    throw new UsageError(`--http-prefix is "${prefix}"; expected a path such as /v1, or ""`, { cause });
  }
}
