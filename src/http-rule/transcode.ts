// SPDX-License-Identifier: Apache-2.0
import { create, type Message } from "@bufbuild/protobuf";
import type { JsonOptions } from "../json/context.js";
import type { Binding, CompiledRule, ContentPlan } from "./binding.js";
import { type BodySource, fromBody, toBody } from "./body/body.js";
import { type BodyContent, contentOfBody, parseBody } from "./body/body-content.js";
import { holderOf, writeField } from "./field/field-access.js";
import { fieldFromText } from "./field/from-text.js";
import { valueText } from "./field/to-text.js";
import { invalidArgument, orInvalidArgument } from "./invalid-argument.js";
import { describeMismatches } from "./mismatch.js";
import { expandPath } from "./path/path.js";
import { fromQuery, toQuery } from "./query/query.js";

/** Where a message is sent by its rule. */
export interface Route {
  readonly verb: string;
  /** Percent-encoded, begins with "/". */
  readonly path: string;
  /** Percent-encoded, without "?"; "" for none. */
  readonly query: string;
  /** The one whose path the message fits: it also says how to read the response. */
  readonly binding: Binding;
}

/** An HTTP request, as far as its rule goes: host, headers and system parameters are the transport's. */
export interface RestCall extends Route {
  /** `undefined`: no body, and so no content type. */
  readonly body: BodyContent | undefined;
}

/**
 * The HTTP request for a message, by the first binding whose path the message fits; {@link fromRestCall} is the inverse.
 *
 * @throws ConnectError InvalidArgument, before anything is sent, when the message fits no binding (the text says for
 *   each what was expected and what is there), or has a value that its place cannot hold
 */
export function toRestCall(rule: CompiledRule, message: Message, json: JsonOptions): RestCall {
  const { verb, path, query, binding } = routeOf(rule, message);
  const body = binding.body.kind === "none" ? undefined : bodyOf(binding, binding.body, { message, json });
  return { verb, path, query, binding, body };
}

/**
 * {@link toRestCall} without the body.
 *
 * @throws ConnectError InvalidArgument, as it does, but for values of the body
 */
export function routeOf(rule: CompiledRule, message: Message): Route {
  for (const binding of rule.bindings) {
    const path = pathOf(binding, message);
    if (path !== undefined) {
      const query = binding.query === undefined ? "" : toQuery(binding.query(), message);
      return { verb: binding.verb, path, query, binding };
    }
  }
  throw invalidArgument(describeMismatches(rule, message));
}

/** `undefined` when a field of the path is unset or does not fit, or when no client can call the binding. */
function pathOf({ template, variables, uncallable }: Binding, message: Message): string | undefined {
  if (uncallable !== undefined) {
    return undefined;
  }
  const values: string[] = [];
  for (const { field, read, toText } of variables) {
    const value = read(message);
    if (value === undefined) {
      return undefined;
    }
    values.push(valueText(field, toText, value));
  }
  return expandPath(template, values);
}

function bodyOf({ method: { input } }: Binding, plan: ContentPlan, content: BodySource): BodyContent {
  return contentOfBody(orInvalidArgument(input.typeName, () => toBody(plan, input, content)));
}

/** A request that a matcher has found the binding for. */
export interface ReceivedCall {
  /** Of the binding's variables, as {@link matchPath} or a matcher gives them. */
  readonly values: readonly string[];
  /** Without "?". */
  readonly query: string;
  readonly body: BodyContent | undefined;
}

/**
 * The request message of an HTTP request. What the path says goes over the body, and a field of the path is ignored in
 * the query: clients of several languages repeat it there.
 *
 * @throws ConnectError InvalidArgument for whatever does not fit, naming the parameter or field
 */
export function fromRestCall(
  binding: Binding,
  { values, query, body }: ReceivedCall,
  json: JsonOptions,
): Message {
  const { method, bound, variables } = binding;
  const parsed = parseBody(binding.body, body);
  const message =
    parsed === undefined || binding.body.kind === "none"
      ? create(method.input)
      : orInvalidArgument("the request body", () =>
          fromBody(binding.body, method.input, { body: parsed, json }),
        );
  if (query !== "") {
    fromQuery(query, message, { plan: binding.query?.() ?? [], bound });
  }
  variables.forEach(({ field, path, variable }, index) => {
    const { what, fromText } = fieldFromText(field);
    const value = fromText(values[index] ?? "");
    if (value === undefined) {
      throw invalidArgument(`${variable.fieldPath} in the path is not ${what}`);
    }
    writeField(holderOf(message, path), field, value);
  });
  return message;
}
