// SPDX-License-Identifier: Apache-2.0

/** The OAuth scope of Ad Manager: accepted by every method, including cancel. */
export const AD_MANAGER_SCOPE = "https://www.googleapis.com/auth/admanager";

/** The read-only OAuth scope: accepted by GetOperation, but not to start a report or to cancel. */
export const AD_MANAGER_READONLY_SCOPE = "https://www.googleapis.com/auth/admanager.readonly";

/** The scopes that each method accepts, any one of them being enough, from Ad Manager's service configuration. */
export const AD_MANAGER_METHOD_SCOPES: Readonly<Record<string, readonly string[]>> = {
  "google.longrunning.Operations.CancelOperation": [AD_MANAGER_SCOPE],
  "google.longrunning.Operations.GetOperation": [AD_MANAGER_SCOPE, AD_MANAGER_READONLY_SCOPE],
};
