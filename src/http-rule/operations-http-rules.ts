// SPDX-License-Identifier: Apache-2.0

import { HttpRuleError } from "./http-rule-error.js";
import { parseTemplate } from "./path/template.js";
import type { HttpRuleJson } from "./rule-json.js";

/** Options of {@link operationsHttpRules}. */
export interface OperationsHttpRulesOptions {
  /** What stands before every name: the API's version, `/v1`. "" for none. */
  readonly prefix: string;
}

/**
 * Rules for the five methods of `google.longrunning.Operations`, for an API whose service configuration is not at
 * hand: any name below a prefix, and no body. Of Google's APIs that bind Cancel, three in four have `body: "*"`; they take
 * a request without one as well.
 *
 * | method | HTTP |
 * |---|---|
 * | ListOperations | `GET /v1/{name}` for a name that ends in `operations`; `GET /v1/{name}/operations` for any other, which is the parent |
 * | GetOperation | `GET /v1/{name}` |
 * | DeleteOperation | `DELETE /v1/{name}` |
 * | CancelOperation | `POST /v1/{name}:cancel` |
 * | WaitOperation | `POST /v1/{name}:wait`, its timeout in the query |
 *
 * @throws HttpRuleError for a prefix that is not a path (`v1`, `/v1/`), and for an unknown option
 */
export function operationsHttpRules(options: OperationsHttpRulesOptions): HttpRuleJson[] {
  const { prefix, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new HttpRuleError(`unknown option ${JSON.stringify(unknown)} (expected prefix)`, { selector: "" });
  if (typeof prefix !== "string")
    throw new HttpRuleError(`prefix: invalid value (got ${typeof prefix}; expected text such as "/v1")`, {
      selector: "",
    });
  const name = `${prefix}/{name=**}`;
  parseTemplate(name);
  const selector = (method: string): string => `google.longrunning.Operations.${method}`;
  return [
    {
      selector: selector("ListOperations"),
      get: `${prefix}/{name=**/operations}`, // First, for the other one takes such a name as well.
      additionalBindings: [{ get: `${name}/operations` }],
    },
    { selector: selector("GetOperation"), get: name },
    { selector: selector("DeleteOperation"), delete: name },
    { selector: selector("CancelOperation"), post: `${name}:cancel` },
    { selector: selector("WaitOperation"), post: `${name}:wait` },
  ];
}
