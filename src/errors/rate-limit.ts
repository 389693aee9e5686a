// SPDX-License-Identifier: Apache-2.0

import { Code, type ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema, QuotaFailureSchema } from "../../gen/google/rpc/error_details_pb.js";
import type { CallErrorReason } from "./call-error-reason.js";
import { findErrorDetails } from "./error-details.js";

/**
 * Reasons of Google's APIs for "too many requests", `RATE_LIMIT_EXCEEDED` in an ErrorInfo or `userRateLimitExceeded` in
 * the `errors` of older ones, without case and underscores: https://cloud.google.com/storage/docs/json_api/v1/status-codes,
 * https://developers.google.com/workspace/drive/api/guides/handle-errors, google/api/error_reason.proto.
 */
const LIMIT_REASON =
  /^(usagelimits|toomanyrequests|ratelimited|(\w{0,64}(limit|quota)|variabletermexpireddaily)exceeded(unreg)?)$/;

/** Whether a reason says that requests came too fast or a quota is used up. `accessNotConfigured` and the like do not. */
export function isLimitReason(reason: string): boolean {
  return LIMIT_REASON.test(reason.slice(0, 96).replaceAll("_", "").toLowerCase());
}

/**
 * The code that retries and throttles go by: RESOURCE_EXHAUSTED for everything that is `rate-limited`, whatever code the
 * server has for it.
 */
export function policyCodeOf({ code, reason }: { code: Code; reason: CallErrorReason }): Code {
  return code === Code.PermissionDenied && reason === "rate-limited" ? Code.ResourceExhausted : code;
}

/** Whether an error is one of a limit, though its code is PERMISSION_DENIED: many APIs answer 403 to too many requests. */
export function isRateLimit(error: ConnectError): boolean {
  if (error.code !== Code.PermissionDenied) return false;
  return (
    findErrorDetails(error, ErrorInfoSchema).some(({ reason }) => isLimitReason(reason)) ||
    findErrorDetails(error, QuotaFailureSchema).length > 0
  );
}
