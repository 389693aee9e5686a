// SPDX-License-Identifier: Apache-2.0
import { HttpRuleError } from "../http-rule/http-rule-error.js";
import { type HttpRuleJson, parseHttpRule } from "../http-rule/rule-json.js";
import { type ConfigPath, type ConfigSource, parseConfig } from "./source.js";

/** The rules of a service configuration, to be given to a transport or an emulator as `httpRules`. */
export type ServiceConfigHttpRules = readonly HttpRuleJson[] & {
  /**
   * `http.fully_decode_reserved_expansion`: whether the API's server decodes all of a path variable of several
   * segments (but `%2F`), or leaves reserved characters such as `%3A` as they are. It says how a server reads; a client
   * sends the same either way.
   */
  readonly fullyDecodeReservedExpansion: boolean;
  /** These are all that the API has: of `google.longrunning.Operations`, a method without a rule does not exist there. */
  readonly isComplete: true;
};

/**
 * Reads the HTTP rules of an API from its service configuration, a `google.api.Service` as YAML or JSON text or as an
 * object, or the bytes of a file (in googleapis, `spanner.yaml` and the like beside the proto files). There, APIs rebind the methods of
 * `google.longrunning.Operations` to paths of their own:
 *
 * ```ts
 * const httpRules = httpRulesFromServiceConfig(await readFile("spanner.yaml", "utf8"));
 * const transport = createRestTransport({ baseUrl: "https://spanner.googleapis.com", httpRules });
 * ```
 *
 * All that is not `http` is passed over, unparsed. A configuration without `http` has no rules, and the list is empty.
 *
 * @throws ServiceConfigError with the line: something else than a service configuration (it says what), not YAML, `type` is not google.api.Service, a rule that a transport would
 *   reject (unknown key, no pattern, bad template …)
 */
export function httpRulesFromServiceConfig(config: string | object): ServiceConfigHttpRules {
  const source = parseConfig(config);
  const top = objectAt(source, [], source.value);
  if (top.type !== undefined && top.type !== "google.api.Service") {
    throw source.errorAt(["type"], `${JSON.stringify(top.type)}, expected google.api.Service`);
  }
  const http = objectAt(source, ["http"], top.http ?? {});
  const keys = ["rules", "fully_decode_reserved_expansion", "fullyDecodeReservedExpansion"];
  for (const key of Object.keys(http)) {
    if (!keys.includes(key)) {
      throw source.errorAt(["http", key], `unknown key, expected one of ${keys.join(", ")}`);
    }
  }
  const { fully_decode_reserved_expansion: decodesByProto, fullyDecodeReservedExpansion: decodesByJson } =
    http;
  if (decodesByProto !== undefined && decodesByJson !== undefined) {
    throw source.errorAt(["http", "fullyDecodeReservedExpansion"], "given in two spellings");
  }
  const decodes = decodesByProto ?? decodesByJson ?? false;
  if (typeof decodes !== "boolean") {
    throw source.errorAt(["http", "fully_decode_reserved_expansion"], "expected true or false");
  }
  const rules = http.rules ?? [];
  if (!Array.isArray(rules)) {
    throw source.errorAt(["http", "rules"], "expected a list");
  }
  return Object.assign(
    // A copy has `undefined` for a hole, which `map` would pass over.
    [...rules].map((rule: unknown, index) => checkedRule(source, rule, index)),
    { fullyDecodeReservedExpansion: decodes, isComplete: true as const },
  );
}

function checkedRule(source: ConfigSource, rule: unknown, index: number): HttpRuleJson {
  try {
    parseHttpRule(rule, index);
  } catch (error) {
    if (error instanceof HttpRuleError) {
      throw source.errorAt(["http", "rules", index, ...error.path], error.message, error);
    }
    throw error;
  }
  return rule as HttpRuleJson; // Just checked, key by key.
}

function objectAt(source: ConfigSource, path: ConfigPath, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Symbol.iterator in value) {
    throw source.errorAt(path, "expected a mapping");
  }
  return { ...value };
}
