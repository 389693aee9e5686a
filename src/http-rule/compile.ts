// SPDX-License-Identifier: Apache-2.0
import type { DescField, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { selectorOf } from "../names/method-name.js";
import type { Binding, BodyPlan, BoundVariable, CompiledRule, ContentPlan } from "./binding.js";
import { createReader } from "./field/field-access.js";
import { describeField, type FieldPath, isAmong, pathsBelow, resolveFieldPath } from "./field/field-path.js";
import { fieldToText } from "./field/to-text.js";
import { HttpRuleError } from "./http-rule-error.js";
import type { Template, TemplateVariable } from "./path/template.js";
import { type QueryEntry, queryPlan } from "./query/query-plan.js";
import type { HttpPattern, HttpRule } from "./rule.js";

/** Its JSON is not what goes over the wire: its bytes are the body. */
const HTTP_BODY = "google.api.HttpBody";

/**
 * Brings a rule and a method together: finds the fields that the rule names, and decides for each field whether it goes
 * to path, body or query. Do it once a method and transport, on the method's first call.
 *
 * A binding with a wildcard outside every variable, or of the kind `*`, compiles: a client passes it over (nothing says
 * what to put there), a server matches it.
 *
 * @throws HttpRuleError for a field that does not exist, a path variable that is repeated, a map or a message
 */
export function compileRule(method: DescMethod, rule: HttpRule): CompiledRule {
  const bindings = rule.patterns.map((pattern) => compileBinding(method, pattern));
  return { method, bindings, isFallback: rule.isFallback === true };
}

function compileBinding(method: DescMethod, pattern: HttpPattern): Binding {
  const { verb, template } = pattern;
  const variables = template.variables.map((variable) => bindVariable(method, template, variable));
  const bound = variables.map(({ path }) => path);
  const body = requestBody(method, pattern, bound);
  return {
    method,
    verb,
    template,
    variables,
    bound,
    body,
    query: queryOf(method.input, body, bound),
    response: responseBody(method, pattern),
    uncallable: whyUncallable(pattern),
  };
}

function bindVariable(
  method: DescMethod,
  { text: template }: Template,
  variable: TemplateVariable,
): BoundVariable {
  const { fieldPath, column } = variable;
  const place = { selector: selectorOf(method), template: { text: template, column } };
  const path = resolveFieldPath(method.input, fieldPath, place);
  const field = path.at(-1) ?? path[0];
  const toText = field.fieldKind === "scalar" || field.fieldKind === "enum" ? fieldToText(field) : undefined;
  if (toText === undefined) {
    throw new HttpRuleError(
      `the path has ${describeField(field)}, expected a singular scalar or enum`,
      place,
    );
  }
  return { variable, field, path, read: createReader(path), toText };
}

function requestBody(method: DescMethod, { body }: HttpPattern, bound: readonly FieldPath[]): BodyPlan {
  const { input } = method;
  if (body === "") {
    return { kind: "none" };
  }
  if (body === "*") {
    const plan = wholeBody(input, bound);
    return plan.kind === "message" && input.fields.every((field) => isAmong(field, bound))
      ? { kind: "empty" }
      : plan;
  }
  const plan = fieldBody(method, { message: input, name: body, bound });
  if (isAmong(plan.field, bound)) {
    throw new HttpRuleError(`${body} is in the path and the body, expected one`, {
      selector: selectorOf(method),
    });
  }
  return plan;
}

function responseBody(method: DescMethod, { responseBody: name }: HttpPattern): ContentPlan {
  return name === ""
    ? wholeBody(method.output, [])
    : fieldBody(method, { message: method.output, name, bound: [] });
}

function wholeBody(message: DescMessage, bound: readonly FieldPath[]): ContentPlan {
  return message.typeName === HTTP_BODY ? { kind: "raw" } : { kind: "message", bound };
}

function fieldBody(
  method: DescMethod,
  { message, name, bound }: { message: DescMessage; name: string; bound: readonly FieldPath[] },
): Extract<ContentPlan, { field: DescField }> {
  const [field] = resolveFieldPath(message, name, { selector: selectorOf(method) });
  return field.fieldKind === "message" && field.message.typeName === HTTP_BODY
    ? { kind: "raw-field", field }
    : { kind: "field", field, bound: pathsBelow(field, bound) };
}

function queryOf(input: DescMessage, body: BodyPlan, bound: readonly FieldPath[]): Binding["query"] {
  const isPart = body.kind === "field" || body.kind === "raw-field";
  const placed: readonly FieldPath[] = isPart ? [...bound, [body.field]] : bound;
  const isWhole = body.kind !== "none" && !isPart;
  if (isWhole || input.fields.every((field) => isAmong(field, placed))) return undefined;
  let plan: readonly QueryEntry[] | undefined;
  return () => {
    plan ??= queryPlan(input, placed);
    return plan;
  };
}

/** Why no request can be made by a rule; undefined if one can. */
function whyUncallable({ verb, template }: HttpPattern): string | undefined {
  if (verb === "*") {
    return "the rule leaves the HTTP method open";
  }
  const { wildcardColumn } = template;
  return wildcardColumn === undefined
    ? undefined
    : `a wildcard outside a variable, at column ${wildcardColumn}`;
}
