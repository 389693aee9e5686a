// SPDX-License-Identifier: Apache-2.0

/** The OAuth scope of Ad Manager: takes every call, cancelling included. */
export const AD_MANAGER_SCOPE = "https://www.googleapis.com/auth/admanager";

/** The OAuth scope that only reads: takes GetOperation, but no start of a report and no cancel. */
export const AD_MANAGER_READONLY_SCOPE = "https://www.googleapis.com/auth/admanager.readonly";

/** The scopes that each method takes, any one of them being enough, as Ad Manager's service configuration has them. */
export const AD_MANAGER_METHOD_SCOPES: Readonly<Record<string, readonly string[]>> = {
  "google.longrunning.Operations.CancelOperation": [AD_MANAGER_SCOPE],
  "google.longrunning.Operations.GetOperation": [AD_MANAGER_SCOPE, AD_MANAGER_READONLY_SCOPE],
};
