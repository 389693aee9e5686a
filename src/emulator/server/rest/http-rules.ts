// SPDX-License-Identifier: Apache-2.0

import type { ServiceImplSpec } from "@connectrpc/connect";
import { type CompiledRule, compileRule } from "../../../http-rule/compile.js";
import { type HttpRuleJson, parseHttpRule } from "../../../http-rule/rule-json.js";
import { createRuleSet } from "../../../http-rule/rule-set.js";
import { selectorOf } from "../../../names/method-name.js";

const REPORT_RUN = "{name=networks/*/operations/reports/runs/*}";

/**
 * REST names that every emulator answers to besides the annotations of its services: Ad Manager's (its
 * service configuration binds Get and Cancel, without a body, and nothing else), and Wait, for which
 * operations.proto has no default.
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

/**
 * Every REST name of some services' methods: by annotation and by the given rules, which add to each other
 * here. A client has one rule a method; a server may answer to the names of several APIs.
 *
 * @throws HttpRuleError for a bad rule
 */
export function restRules(
  services: readonly ServiceImplSpec[],
  rules: readonly HttpRuleJson[],
): CompiledRule[] {
  const annotations = createRuleSet([]);
  const extra = rules.map(parseHttpRule);
  const methods = services.flatMap(({ service }) => service.methods);
  return methods.flatMap((method) => {
    const selector = selectorOf(method);
    const annotated = annotations.find(method);
    const added = extra
      .filter((rule) => isSelected(rule.selector, selector))
      .map((rule) => ({ ...rule, selector }));
    return (annotated === undefined ? added : [annotated, ...added]).map((rule) => compileRule(method, rule));
  });
}

function isSelected(pattern: string, selector: string): boolean {
  return pattern.endsWith("*") ? selector.startsWith(pattern.slice(0, -1)) : pattern === selector;
}
