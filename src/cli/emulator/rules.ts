// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import { type HttpRuleJson, operationsHttpRules } from "../../index.js";
import { catalogueError } from "../catalogue-error.js";
import { UsageError } from "../usage-error.js";
import { readAs } from "./files.js";

/** Flags that add names served over REST. */
export interface RuleFlags {
  readonly httpPrefix?: string;
  readonly serviceConfig?: string;
  readonly api: readonly string[];
}

/** The HTTP rules of all flags. @throws UsageError that names the flag */
export async function rulesOf(
  { httpPrefix, serviceConfig, api }: RuleFlags,
  cwd: string,
): Promise<HttpRuleJson[]> {
  const config = serviceConfig === undefined ? undefined : resolve(cwd, serviceConfig);
  return [...prefixRules(httpPrefix), ...(await apiRules(api)), ...(await configuredRules(config))];
}

/** Literal segments: with a variable in it, the rule would need a field of that name. */
const PREFIX = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/;

function prefixRules(prefix: string | undefined): readonly HttpRuleJson[] {
  if (prefix === undefined) return [];
  if (PREFIX.test(prefix)) return operationsHttpRules({ prefix });
  throw new UsageError(
    `--http-prefix: not a path (got ${JSON.stringify(prefix.slice(0, 100))}; expected one such as /v1)`,
  );
}

/** The rules of some APIs: of the given version (`run/v2`), otherwise of all, since a server accepts every name it knows. */
async function apiRules(names: readonly string[]): Promise<readonly HttpRuleJson[]> {
  if (names.length === 0) return [];
  const { apiOf, httpRulesOf } = await import("../../apis.js");
  return names.flatMap((text) => {
    const [name = "", asked] = text.split("/");
    try {
      const known = apiOf(name).versions.filter(({ hasRules }) => hasRules);
      const versions = asked === undefined ? known.map(({ version }) => version) : [asked];
      if (versions.length === 0) return httpRulesOf(name); // throws an error that lists the APIs
      return versions.flatMap((version) => httpRulesOf(name, { version }));
    } catch (cause) {
      throw catalogueError(cause);
    }
  });
}

async function configuredRules(path: string | undefined): Promise<readonly HttpRuleJson[]> {
  if (path === undefined) return [];
  const { httpRulesFromServiceConfig } = await import("../../service-config.js");
  return readAs(path, "--service-config", httpRulesFromServiceConfig);
}
