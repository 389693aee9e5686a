// SPDX-License-Identifier: Apache-2.0

import type { ServiceImplSpec } from "@connectrpc/connect";
import type { CompiledRule } from "../../../http-rule/binding.js";
import { compileRule } from "../../../http-rule/compile.js";
import { createMatcher, type Matcher } from "../../../http-rule/matcher.js";
import type { HttpRule } from "../../../http-rule/rule.js";
import { type HttpRuleJson, parseHttpRule } from "../../../http-rule/rule-json.js";
import { createRuleSet, isSelected } from "../../../http-rule/rule-set.js";
import { selectorOf } from "../../../names/method-name.js";

const REPORT_RUN = "{name=networks/*/operations/reports/runs/*}";

/**
 * The rules that every emulator has in addition to the annotations of its services: Ad Manager's (whose service
 * configuration binds only Get and Cancel, without a body), and Wait, which operations.proto does not bind.
 */
export const BUILT_IN_RULES: readonly HttpRuleJson[] = [
  { selector: "google.longrunning.Operations.GetOperation", get: `/v1/${REPORT_RUN}` },
  { selector: "google.longrunning.Operations.CancelOperation", post: `/v1/${REPORT_RUN}:cancel` },
  {
    selector: "google.longrunning.Operations.WaitOperation",
    post: "/v1/{name=operations/**}:wait",
    body: "*",
  },
];

/** The compiled rules of some services' methods. */
export interface RestRules {
  /** From annotations, built in and configured, combined: a client has one rule per method, a server may have many. */
  readonly all: readonly CompiledRule[];
  /** Only the configured ones. */
  readonly given: readonly CompiledRule[];
}

/** Compiles the rules of some services' methods. @throws HttpRuleError for a bad rule */
export function restRules(
  services: readonly ServiceImplSpec[],
  givenRules: readonly HttpRuleJson[],
): RestRules {
  const annotations = createRuleSet([]);
  const builtIn = BUILT_IN_RULES.map(parseHttpRule);
  const extra = givenRules.map(parseHttpRule);
  const methods = services.flatMap(({ service }) => service.methods);
  const rulesOf = (rules: readonly HttpRule[]) =>
    methods.flatMap((method) => {
      const selector = selectorOf(method);
      return rules
        .filter((rule) => isSelected(rule.selector, selector))
        .map((rule) => compileRule(method, { ...rule, selector }));
    });
  const annotated = methods.flatMap((method) => {
    const rule = annotations.find(method);
    return rule === undefined ? [] : [compileRule(method, rule)];
  });
  const given = rulesOf(extra);
  return { all: [...annotated, ...rulesOf(builtIn), ...given], given };
}

/**
 * Finds the method for a request. The most specific rule determines the method; among that method's rules, a configured
 * one takes precedence, since it defines how this API maps its requests.
 */
export function createRestMatcher({ all, given }: RestRules): Matcher {
  const matcher = createMatcher(all);
  if (given.length === 0) return matcher;
  const preferred = createMatcher(given);
  return {
    match: (verb, path) => {
      const match = matcher.match(verb, path);
      if (match.kind !== "found") return match;
      const own = preferred.match(verb, path);
      return own.kind === "found" && own.binding.method === match.binding.method ? own : match;
    },
  };
}
