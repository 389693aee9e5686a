// SPDX-License-Identifier: Apache-2.0
import type { HttpRule as HttpRuleMessage } from "../../gen/google/api/http_pb.js";
import { HttpRuleError, type RulePlace } from "./http-rule-error.js";
import { parseTemplate, type Template } from "./path/template.js";

/** One way to reach a method over HTTP: verb, path, and where the rest of the request goes. */
export interface HttpPattern {
  /** In upper case; `*` when the rule leaves it open, which a server can match and a client cannot call. */
  readonly verb: string;
  readonly template: Template;
  /** `*`, a top-level field by its proto name, or "" for none. */
  readonly body: string;
  /** The top-level field of the response that the HTTP body holds, or "" for the whole response. */
  readonly responseBody: string;
}

/** A parsed `google.api.HttpRule`. Its fields are checked when it is compiled for a method. */
export interface HttpRule {
  readonly selector: string;
  /** The primary binding and then the additional ones, in order; never empty. */
  readonly patterns: readonly HttpPattern[];
  /** The rules given bind other methods of its service, but not this one: it has its default rule. */
  readonly isFallback?: boolean;
}

/** An HTTP method name, RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FIELD_NAME = /^[A-Za-z_][0-9A-Za-z_]*$/;

/**
 * Checks and parses one binding.
 *
 * @throws HttpRuleError for a bad template or verb, a body that is no top-level field, a GET or HEAD with a body
 *   (`fetch` does not send one, and servers do not read it)
 */
export function parsePattern(
  { verb, path, body, responseBody }: { verb: string; path: string; body: string; responseBody: string },
  place: RulePlace,
): HttpPattern {
  const fail = (problem: string): never => {
    throw new HttpRuleError(problem, place);
  };
  const upper = verb.toUpperCase();
  if (!TOKEN.test(verb)) {
    fail(`the custom kind ${JSON.stringify(verb)} is no HTTP method`);
  }
  const template = parseTemplate(path, place);
  if (body !== "" && (upper === "GET" || upper === "HEAD")) {
    fail(`${upper} ${path} has a body, expected none: ${JSON.stringify(body)}`);
  }
  if (body !== "" && body !== "*" && !FIELD_NAME.test(body)) {
    fail(`body is ${JSON.stringify(body)}, expected "*" or a field at the top level of the request`);
  }
  if (responseBody !== "" && !FIELD_NAME.test(responseBody)) {
    fail(
      `response_body is ${JSON.stringify(responseBody)}, expected a field at the top level of the response`,
    );
  }
  return { verb: upper, template, body, responseBody };
}

/** The rule of a `google.api.http` annotation on the method `selector`. */
export function ruleOfAnnotation(annotation: HttpRuleMessage, selector: string): HttpRule {
  const place = { selector };
  const parse = ({ pattern, body, responseBody }: HttpRuleMessage): HttpPattern => {
    if (pattern.case === undefined) {
      throw new HttpRuleError(
        "a binding has no pattern, expected one of get, put, post, delete, patch, custom",
        place,
      );
    }
    const { kind: verb, path } =
      pattern.case === "custom" ? pattern.value : { kind: pattern.case, path: pattern.value };
    return parsePattern({ verb, path, body, responseBody }, place);
  };
  return { selector, patterns: [annotation, ...annotation.additionalBindings].map(parse) };
}
