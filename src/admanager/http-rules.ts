// SPDX-License-Identifier: Apache-2.0
import type { HttpRuleJson } from "../http-rule/rule-json.js";

/**
 * How Ad Manager binds google.longrunning.Operations to HTTP, according to its service configuration since May 2026:
 * only these two methods, for report runs. The patterns have changed before: if they change again, pass your own rules to
 * `createRestTransport`.
 */
export const AD_MANAGER_HTTP_RULES: readonly HttpRuleJson[] = [
  {
    selector: "google.longrunning.Operations.CancelOperation",
    post: "/v1/{name=networks/*/operations/reports/runs/*}:cancel",
  },
  {
    selector: "google.longrunning.Operations.GetOperation",
    get: "/v1/{name=networks/*/operations/reports/runs/*}",
  },
];
