// SPDX-License-Identifier: Apache-2.0
import type { DescMethod, Message } from "@bufbuild/protobuf";
import { Code, type ContextValues } from "@connectrpc/connect";
import { CallError } from "../../errors/call-error.js";
import type { CompiledRule } from "../../http-rule/binding.js";
import { compileRule } from "../../http-rule/compile.js";
import { HttpRuleError } from "../../http-rule/http-rule-error.js";
import type { RuleSet } from "../../http-rule/rule-set.js";
import type { JsonOptions } from "../../json/context.js";
import { callTypes, registryFor } from "../../json/registry.js";
import { type NamedMethod, namedMethodOf, operationNameOf } from "../call/method.js";
import type { ResolvedRestOptions } from "./options.js";

/** What every call of one method on one transport has in common: worked out on the first call. */
export interface RestMethod extends NamedMethod {
  readonly rule: CompiledRule;
  /** The URL of the primary binding with its variables still in it. */
  readonly templateUrl: string;
  /** Whether a request may reach the server twice without harm; see {@link idempotencyOf}. */
  readonly idempotency: Idempotency;
  /** How JSON is read and written: with the types of the method's file and of the transport. */
  readonly json: JsonOptions;
  /** The same in a call that brings types of its own. */
  jsonFor(contextValues: ContextValues): JsonOptions;
}

/** Finds a method. The message is for the error alone: it holds the name that the call is about. */
type MethodLookup = (desc: DescMethod, message?: unknown) => RestMethod;

/**
 * Creates the lookup of methods for a transport. It belongs to the transport because the rules do: at another API the
 * same method has another one.
 *
 * The lookup throws a CallError, not sent: `Unimplemented` for a method without a rule, `InvalidArgument` for a rule
 * that does not fit its method.
 */
export function createMethodLookup({ endpoint, rules, registry }: ResolvedRestOptions): MethodLookup {
  const methods = new WeakMap<DescMethod, RestMethod>();
  const create = (desc: DescMethod, message: unknown): RestMethod => {
    const rule = compiled(desc, rules, message);
    const json = { registry: registryFor(desc, registry) };
    const [primary] = rule.bindings;
    return {
      ...namedMethodOf(desc, primary?.verb ?? ""),
      rule,
      idempotency: idempotencyOf(desc, primary?.verb),
      templateUrl: endpoint.origin + endpoint.prefix + (primary?.template.text ?? ""),
      json,
      jsonFor: (contextValues) => {
        const more = contextValues.get(callTypes);
        return more === undefined ? json : { registry: registryFor(desc, registry, more) };
      },
    };
  };
  return (desc, message) => {
    let method = methods.get(desc);
    if (method === undefined) {
      method = create(desc, message);
      methods.set(desc, method);
    }
    return method;
  };
}

/** What RFC 9110, section 9.2.2, calls idempotent. */
const IDEMPOTENT_VERBS = new Set(["GET", "HEAD", "PUT", "DELETE"]);

/** Whether all requests of a method may reach the server twice without harm, none, or those with a `request_id`. */
type Idempotency = "all" | "none" | "with request_id";

/**
 * Which requests of a method may reach the server twice without harm: the five of `google.longrunning.Operations` and
 * those of an idempotent HTTP method. Of a method that starts an operation: only one with a `request_id` (AIP-155).
 */
function idempotencyOf({ parent, input, output }: DescMethod, verb = ""): Idempotency {
  if (parent.typeName === "google.longrunning.Operations") return "all";
  const named = input.fields.some((field) => field.name === "request_id" && field.localName === "requestId");
  const starts = output.typeName === "google.longrunning.Operation";
  if (!starts && IDEMPOTENT_VERBS.has(verb)) return "all";
  return named ? "with request_id" : "none";
}

/** Whether a request has an id by which the server knows it again (AIP-155). */
export function hasRequestId({ requestId }: Message & { readonly requestId?: unknown }): boolean {
  return typeof requestId === "string" && requestId !== "";
}

function compiled(desc: DescMethod, rules: RuleSet, message: unknown): CompiledRule {
  const named = namedMethodOf(desc, "");
  const { selector } = named;
  const operationName = operationNameOf(named, message);
  const notSent = (code: Code, message: string, cause?: unknown) =>
    new CallError({ code, message, cause, method: selector, operationName, requestSent: false });
  try {
    const rule = rules.find(desc);
    if (rule !== undefined) return compileRule(desc, rule);
  } catch (error) {
    if (!(error instanceof HttpRuleError)) throw error;
    throw notSent(Code.InvalidArgument, `the HTTP rule of the method is invalid: ${error.message}`, error);
  }
  throw notSent(
    Code.Unimplemented,
    "the method has no HTTP rule (google.api.http) at this API, so it cannot be called over REST; if the API has one, " +
      `pass it to the transport as httpRules, with the selector ${selector}`,
  );
}
