// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { Template } from "../http-rule/path/template.js";
import { selectorOf } from "../names/method-name.js";
import { rulesOf, takesName, type VersionRules, versionsOf } from "./api-rules.js";
import type { CatalogueEntry } from "./catalogue.js";
import { catalogue } from "./catalogue.js";
import { invalidApi, shown } from "./invalid-api.js";

const MAX_PATTERNS = 5;

/**
 * Chooses the version of an API for a call of `google.longrunning.Operations`: the requested one, or the only one whose
 * patterns match the name, preferring stable versions.
 *
 * @throws CallError, not sent: `Unimplemented` for a method that the API does not bind, `InvalidArgument` for a name
 * that matches no pattern (with the nearest patterns, or the version or API that matches) or several versions.
 */
export function chooseVersion(
  entry: CatalogueEntry,
  method: DescMethod,
  name: string,
  asked?: string,
): VersionRules {
  const candidates = versionsOf(entry, asked).map((version) => rulesOf(entry, version));
  const about = { method: selectorOf(method), operationName: name };
  const binding = candidates.filter((rules) => rules.templatesOf(method.name).length > 0);
  if (binding.length === 0) {
    const bound = [
      ...new Set(
        candidates.flatMap(({ rules }) => rules.map(({ selector }) => selector.split(".").at(-1) ?? "")),
      ),
    ];
    const version = asked === undefined ? "" : ` ${asked}`;
    throw invalidApi(`${entry.title}${version} has no ${method.name}; it has ${listOf(bound)}`, {
      ...about,
      code: Code.Unimplemented,
    });
  }
  const taking = binding.filter((rules) => takes(rules, method, name));
  const [only, second] = taking;
  if (only === undefined) throw invalidApi(explainName(entry, method, name, binding), about);
  if (second !== undefined) {
    const versions = taking.map(({ version }) => version).join(", ");
    throw invalidApi(
      `version: ${entry.title} has several that take the name ${shown(name)} (expected one of ${versions})`,
      about,
    );
  }
  return only;
}

function takes(rules: VersionRules, method: DescMethod, name: string): boolean {
  return rules.templatesOf(method.name).some((template) => takesName(template, name));
}

/** Why no pattern matches a name: the version or API that matches, otherwise the available patterns. */
function explainName(
  entry: CatalogueEntry,
  method: DescMethod,
  name: string,
  tried: readonly VersionRules[],
): string {
  const problem = `name: not one of ${entry.title}'s`;
  const elsewhere = [...entry.ruleSets.keys()].filter((version) =>
    takes(rulesOf(entry, version), method, name),
  );
  if (elsewhere.length > 0)
    return `${problem} ${tried.map(({ version }) => version).join(", ")} (got ${shown(name)}; ${listOf(elsewhere)} takes it)`;
  const patterns = nearestPatterns(tried, method, name);
  const nearest =
    patterns.slice(0, MAX_PATTERNS).join(", ") +
    (patterns.length > MAX_PATTERNS ? `, and ${patterns.length - MAX_PATTERNS} more` : "");
  const others = otherApis(entry, method, name);
  const parent = parentMeant(tried, method, name);
  const fits = others.length > 0 && others.length <= 3 ? `; it fits ${listOf(others)}` : "";
  const hint = parent === undefined ? fits : `; did you mean ${shown(parent)}?`;
  return `${problem} (got ${shown(name)}; expected ${nearest}${hint})`;
}

/** The parent that a List takes near a name: with or without `/operations` at the end, or that of an operation. */
function parentMeant(tried: readonly VersionRules[], method: DescMethod, name: string): string | undefined {
  if (method.name !== "ListOperations") return undefined;
  const [parent = ""] = name.split("/operations", 1);
  return [`${parent}/operations`, parent].find((near) => tried.some((rules) => takes(rules, method, near)));
}

/** The patterns of a method's names, the most similar to the name first. */
function nearestPatterns(tried: readonly VersionRules[], method: DescMethod, name: string): string[] {
  const parts = name.split("/");
  const patterns = tried
    .flatMap((rules) => rules.templatesOf(method.name))
    .flatMap(({ variables }) => variables.map(({ pattern }) => pattern));
  const shared = (pattern: string) =>
    pattern.split("/").filter((part, index) => part === parts[index]).length;
  const far = (pattern: string) => Math.abs(pattern.split("/").length - parts.length);
  return [...new Set(patterns)].sort((a, b) => shared(b) - shared(a) || far(a) - far(b));
}

/** Whether a pattern has a word besides `operations`; Speech has `**`, others `operations/**`. */
function isSpecific({ variables }: Template): boolean {
  return variables.some(({ pattern }) => /[a-z]/.test(pattern.replace("operations", "")));
}

/** Other APIs that match the name in an automatic version. Patterns and names without a word of one API are ignored. */
function otherApis(entry: CatalogueEntry, method: DescMethod, name: string): string[] {
  const shape = /^(?:operations|projects\/[^/]+\/locations\/[^/]+\/operations)\//;
  if (shape.test(name)) return [];
  return [...catalogue().values()]
    .filter((other) => other !== entry && other.ruleSets.size > 0)
    .filter((other) =>
      versionsOf(other).some((version) =>
        rulesOf(other, version)
          .templatesOf(method.name)
          .some((template) => isSpecific(template) && takesName(template, name)),
      ),
    )
    .map((other) => other.name);
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
