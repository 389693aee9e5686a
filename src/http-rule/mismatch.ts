// SPDX-License-Identifier: Apache-2.0
import type { Message } from "@bufbuild/protobuf";
import { selectorOf } from "../names/method-name.js";
import { shorten } from "../names/shorten.js";
import type { Binding, BoundVariable, CompiledRule } from "./binding.js";
import { valueText } from "./field/to-text.js";
import { expandVariable } from "./path/path.js";

/** A rule may have a hundred bindings: an error describes as many, and counts the rest. */
const MAX_BINDINGS = 8;
/** An error quotes so much of a template or a value, in UTF-16 units. */
const MAX_QUOTE = 120;

/**
 * Why a message fits no binding of its rule: for each binding the pattern, and every field of the path that does not
 * fit, with what was expected and what is there.
 */
export function describeMismatches({ method, bindings, isFallback }: CompiledRule, message: Message): string {
  const shown = bindings.slice(0, MAX_BINDINGS).map((binding) => describeMismatch(binding, message));
  const more = bindings.length - shown.length;
  const list = shown.concat(more > 0 ? [`and ${more} more`] : []).join("; ");
  const leftOut = isFallback
    ? ` (httpRules has no rule for ${method.name}, so its default applies; the API may not have this method)`
    : "";
  return `${selectorOf(method)}: the request fits none of its HTTP bindings: ${list}${leftOut}`;
}

function describeMismatch({ template, uncallable, variables, verb }: Binding, message: Message): string {
  const pattern = `${verb} ${shorten(template.text, MAX_QUOTE)}`;
  if (uncallable !== undefined) {
    return `${pattern} cannot be called: ${uncallable}`;
  }
  const problems = variables.flatMap((variable) => describeProblem(variable, message) ?? []);
  return `${pattern}: ${problems.join(", ")}`;
}

function describeProblem(
  { field, read, toText, variable }: BoundVariable,
  message: Message,
): string | undefined {
  const value = read(message);
  const actual = value === undefined ? "" : valueText(field, toText, value);
  if (expandVariable(variable, actual) !== undefined) {
    return undefined;
  }
  const shown = actual === "" ? "unset" : JSON.stringify(shorten(actual, MAX_QUOTE));
  return `${variable.fieldPath} is ${shown}, expected ${JSON.stringify(shorten(variable.pattern, MAX_QUOTE))}`;
}
