// SPDX-License-Identifier: Apache-2.0
import type { HttpRuleJson } from "../http-rule/rule-json.js";

/**
 * How Ad Manager binds google.longrunning.Operations to HTTP, as its service configuration has it since May 2026: these
 * two methods, for runs of reports, and no others. The patterns have changed before: pass rules of your own to
 * `createRestTransport` the day they change again.
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
