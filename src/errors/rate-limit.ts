// SPDX-License-Identifier: Apache-2.0

import { Code, type ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema, QuotaFailureSchema } from "../../gen/google/rpc/error_details_pb.js";
import type { CallErrorReason } from "./call-error-init.js";
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
 * Whether retries and throttles treat an error as one of `codes`. Everything that is `rate-limited` counts as
 * RESOURCE_EXHAUSTED, whatever code the server has for it; what exceeds a limit of this client's own counts as none, since
 * the next response would exceed it as well.
 */
export function isOneOf(
  { code, reason }: { readonly code: Code; readonly reason: CallErrorReason },
  codes: readonly Code[],
): boolean {
  if (reason === "response-too-large") return false;
  const isLimit = code === Code.PermissionDenied && reason === "rate-limited";
  return codes.includes(isLimit ? Code.ResourceExhausted : code);
}

/** Whether an error is one of a limit, though its code is PERMISSION_DENIED: many APIs respond with 403 to too many requests. */
export function isRateLimit(error: ConnectError): boolean {
  if (error.code !== Code.PermissionDenied) return false;
  return (
    findErrorDetails(error, ErrorInfoSchema).some(({ reason }) => isLimitReason(reason)) ||
    findErrorDetails(error, QuotaFailureSchema).length > 0
  );
}
