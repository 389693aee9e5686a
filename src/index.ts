// SPDX-License-Identifier: Apache-2.0

/**
 * A client for `google.longrunning.Operations`: start, watch, wait for, cancel and list operations.
 *
 * @module
 */

export type { OperationCallOptions } from "./client/call-options.js";
export type { CancelAndWaitOptions } from "./client/cancel-and-wait.js";
export type { CancelOperationsOptions, CancelReport } from "./client/cancel-report.js";
export { createOperationsClient } from "./client/client.js";
export type { OperationsClientOptions } from "./client/client-options.js";
export type { WaitOptions } from "./client/follow.js";
export type { OperationNames } from "./client/name-source.js";
export { OperationError } from "./client/operation-error.js";
export type { HandleOptions, OperationHandle } from "./client/operation-handle.js";
export type { OperationJson } from "./client/operation-json.js";
export type { ListOperationsOptions, OperationList } from "./client/operation-list.js";
export type { OperationTypes } from "./client/operation-types.js";
export type { OperationsClient, WaitOperationOptions } from "./client/operations-client.js";
export type { PollingOptions } from "./client/polling-options.js";
export type { Outcome, Snapshot, SnapshotBase } from "./client/snapshot.js";
export { snapshotOf } from "./client/snapshot.js";
export type { StartMethod, StartOptions } from "./client/start-operation.js";
export { WaitTimeoutError } from "./client/wait-timeout-error.js";
export { anyToJson, unpackAny } from "./codec/any.js";
export type { CallErrorReason } from "./codec/call-error.js";
export { CallError, isCallError } from "./codec/call-error.js";
export { callTypes } from "./codec/registry.js";
export type { OperationsHttpRulesOptions } from "./http-rule/operations-http-rules.js";
export { operationsHttpRules } from "./http-rule/operations-http-rules.js";
export type { HttpRuleJson } from "./http-rule/rule-json.js";
export { retry } from "./interceptors/retry.js";
export type { RetryOptions } from "./interceptors/retry-policy.js";
export type { Clock } from "./policy/clock.js";
export type {
  Abort,
  HttpBytes,
  HttpClient,
  HttpRequest,
  HttpResponse,
  RestRequest,
  RestTransport,
  RestTransportOptions,
  SystemParameters,
  TlsOptions,
} from "./transport/rest.js";
export { createRestTransport } from "./transport/rest.js";
