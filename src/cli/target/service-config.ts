// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import type { HttpRuleJson } from "../../index.js";
import { type ConfigFile, readConfigFile } from "../arguments/config-file.js";
import type { Given } from "../arguments/origin.js";
import type { ProcessContext } from "../process.js";
import { UsageError } from "../usage-error.js";

/** The parts of a service configuration, each with its origin. */
export interface ServiceConfig {
  readonly httpRules: Given<readonly HttpRuleJson[]>;
  readonly baseUrl: Given<string> | undefined;
}

/**
 * Reads the rules and the host of a service configuration. The rules have the origin of the setting that chose the file
 * (trusting a profile includes the file's content at that time); the host has the origin of the file itself.
 */
export async function readServiceConfig(
  given: Given<string>,
  { cwd, env }: ProcessContext,
): Promise<ServiceConfig> {
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

/** If an untrusted file chose this file, the host is not trusted either. */
function hostOf(file: ConfigFile, { origin, file: chooser }: Given<string>): Given<string> | undefined {
  const host = /^name:\s*["']?([\w.-]+\.[\w-]+)["']?\s*$/m.exec(file.text)?.[1];
  if (host === undefined) return undefined;
  const value = `https://${host}`;
  return origin === "folder"
    ? { value, origin, setting: "serviceConfig", file: chooser }
    : { value, origin: file.origin, setting: "host", file: file.path };
}
