// SPDX-License-Identifier: Apache-2.0
import { shorten } from "../names/shorten.js";

/**
 * A `google.api.http` rule that is wrong in itself, whatever the request: a template that does not parse, a field
 * that the request type does not have, a GET with a body. A mistake in the configuration, found before any call.
 */
export class HttpRuleError extends Error {
  /** Always `"HttpRuleError"`. */
  override readonly name = "HttpRuleError";
  /** The method that the rule is for (`google.longrunning.Operations.GetOperation`), or "" when it names none. */
  readonly selector: string;
  /** Where in the template, counted from 1 in UTF-16 units; `undefined` when the error is not in the template. */
  readonly column: number | undefined;
  /** Keys and indexes from the top of the rule's JSON to the invalid value; empty for the rule as a whole. */
  readonly path: readonly (string | number)[];

  constructor(problem: string, { selector, template, path }: RulePlace) {
    const where =
      template === undefined
        ? ""
        : `template ${JSON.stringify(shorten(template.text, MAX_TEMPLATE))} at column ${template.column}: `;
    super(`${selector === "" ? "" : `${selector}: `}${where}${problem}`);
    this.selector = selector;
    this.column = template?.column;
    this.path = path ?? [];
  }
}

/** What an {@link HttpRuleError} points at. */
export interface RulePlace {
  readonly selector: string;
  /** As {@link HttpRuleError.path}. @default the rule as a whole */
  readonly path?: readonly (string | number)[] | undefined;
  /** The invalid template, and the column. */
  readonly template?: { readonly text: string; readonly column: number } | undefined;
}

/** Longest template that an error quotes in full. */
const MAX_TEMPLATE = 200;
