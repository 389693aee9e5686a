// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { http } from "../../gen/google/api/annotations_pb.js";
import { HttpRuleSchema } from "../../gen/google/api/http_pb.js";
import { messageOption } from "../names/descriptor-option.js";
import { selectorOf } from "../names/method-name.js";
import { type HttpRule, ruleOfAnnotation } from "./rule.js";
import { type HttpRuleJson, parseHttpRule } from "./rule-json.js";

/**
 * Which HTTP rule a method has. A rule set belongs to one transport or one server: the same method of
 * `google.longrunning.Operations` has other rules at another API.
 */
export interface RuleSet {
  /**
   * The override for the method, else its `google.api.http` annotation (of any generated descriptor, this package's or
   * another's), else `undefined`. Not cached: ask once a method.
   *
   * @throws HttpRuleError when the annotation is wrong
   */
  find(method: DescMethod): HttpRule | undefined;
}

/** The service that APIs bind anew, each to its own paths. */
const MIXIN = "google.longrunning.Operations";

/**
 * Makes a rule set. An override replaces the whole rule of the methods that its selector names, as http.proto has it
 * ("will override"): nothing of the annotation is kept. Among several for one method, the last one wins. Rules with
 * `isComplete`, as `httpRulesFromServiceConfig` gives them, are all that an API has for operations: if they have some,
 * a method that they leave out has no rule.
 *
 * @throws HttpRuleError for the first override that is wrong, before any call
 */
export function createRuleSet(overrides: readonly HttpRuleJson[]): RuleSet {
  // A copy has `undefined` for a hole, which `map` would pass over.
  const rules = [...overrides].map(parseHttpRule);
  const isComplete = "isComplete" in overrides && overrides.isComplete === true;
  return {
    find(method) {
      const selector = selectorOf(method);
      const override = rules.findLast((rule) => isSelected(rule.selector, selector));
      if (override !== undefined) {
        return { ...override, selector };
      }
      // An API whose own configuration binds other methods of a mixin does not have this one.
      const isLeftOut =
        method.parent.typeName === MIXIN && rules.some((rule) => rule.selector.startsWith(`${MIXIN}.`));
      if (isLeftOut && isComplete) return undefined;
      const annotation = messageOption(method, http.number, HttpRuleSchema);
      return annotation && { ...ruleOfAnnotation(annotation, selector), isFallback: isLeftOut };
    },
  };
}

/** Whether a rule's selector names a method: its full name, or a prefix before `*`. */
export function isSelected(pattern: string, selector: string): boolean {
  return pattern.endsWith("*") ? selector.startsWith(pattern.slice(0, -1)) : pattern === selector;
}
