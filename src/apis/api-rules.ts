// SPDX-License-Identifier: Apache-2.0

import { rejectUnknownKeys } from "../errors/options.js";
import { expandPath } from "../http-rule/path/path.js";
import { parseTemplate, type Template } from "../http-rule/path/template.js";
import type { HttpBindingJson, HttpRuleJson } from "../http-rule/rule-json.js";
import type { CatalogueEntry } from "./catalogue.js";
import { findApi, otherClientFor } from "./find-api.js";
import { checkText, invalidApi, shown } from "./invalid-api.js";
import { expandRuleSet } from "./rule-set.js";
import { preferredVersions } from "./version.js";

/** Selects a version of an API. */
export interface ApiVersionOptions {
  /** `v1`. @default the API's only stable version with rules; required if there are several */
  readonly version?: string | undefined;
}

const VERSION_KEYS = { version: true } as const satisfies Record<keyof ApiVersionOptions, true>;

/** The rules of one version, and their templates by method, to test which names they match. */
export interface VersionRules {
  readonly version: string;
  readonly rules: readonly HttpRuleJson[];
  /** The templates of a method, in order; none for a method that this version does not bind. */
  templatesOf(method: string): readonly Template[];
}

/**
 * The HTTP rules of an API for operations, to create a transport yourself:
 * `createRestTransport({ baseUrl, httpRules: httpRulesOf("spanner") })`.
 *
 * @param api - `spanner`, `spanner.googleapis.com`.
 * @throws CallError `InvalidArgument`, not sent: an unknown API or version, an API with several stable versions and no
 * `version`, an API without known rules; TypeError for an argument of another type.
 */
export function httpRulesOf(api: string, options: ApiVersionOptions = {}): readonly HttpRuleJson[] {
  rejectUnknownKeys("httpRulesOf", options, VERSION_KEYS);
  const { entry } = findApi(api);
  const [version, second] = versionsOf(entry, options.version);
  if (version === undefined || second !== undefined) {
    throw invalidApi(`version: ${entry.title} has several (expected one of ${versionsOf(entry).join(", ")})`);
  }
  return rulesOf(entry, version).rules;
}

/**
 * The versions of an API to choose from: the requested one, or those that can be chosen automatically.
 *
 * @throws CallError `InvalidArgument`, not sent, when there is none.
 */
export function versionsOf(entry: CatalogueEntry, version?: string): readonly string[] {
  const known = [...entry.ruleSets.keys()];
  if (known.length === 0) {
    const other = otherClientFor(entry.name);
    throw invalidApi(
      `api: the paths of ${entry.title}'s operations are not published (${entry.host}); ` +
        "use createOperationsClient with a transport and httpRules of your own" +
        (other === undefined ? "" : `, or ${other}`),
    );
  }
  checkText("version", version, "v1");
  if (version === undefined) return preferredVersions(known);
  if (known.includes(version)) return [version];
  throw invalidApi(
    `version: unknown for ${entry.title} (got ${shown(version)}; expected one of ${known.join(", ")})`,
  );
}

const cache = new Map<string, VersionRules>();

/** The rules of a version; it must have some. */
export function rulesOf(entry: CatalogueEntry, version: string): VersionRules {
  const key = `${entry.host} ${version}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const rules = expandRuleSet(entry.ruleSets.get(version) ?? -1, version);
  const templates = new Map<string, readonly Template[]>();
  const made: VersionRules = {
    version,
    rules,
    templatesOf(method) {
      const parsed = templates.get(method) ?? templatesIn(rules, method);
      templates.set(method, parsed);
      return parsed;
    },
  };
  cache.set(key, made);
  return made;
}

/** Whether a template matches a name; one without a variable matches any. */
export function takesName(template: Template, name: string): boolean {
  if (template.variables.length === 0) return true;
  try {
    return expandPath(template, [name]) !== undefined;
  } catch {
    return false; // A dot segment or a lone surrogate, which the transport rejects.
  }
}

function templatesIn(rules: readonly HttpRuleJson[], method: string): readonly Template[] {
  const rule = rules.find(({ selector }) => selector.endsWith(`.${method}`));
  if (rule === undefined) return [];
  return [rule, ...(rule.additionalBindings ?? [])].map((binding) => parseTemplate(pathOf(binding)));
}

function pathOf({ get, post, delete: remove }: HttpBindingJson): string {
  return get ?? post ?? remove ?? "";
}
