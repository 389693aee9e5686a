// SPDX-License-Identifier: Apache-2.0

/**
 * A client for `google.longrunning.Operations`: start, watch, wait for, cancel and list operations.
 *
 * @module
 */

export { Code } from "@connectrpc/connect";
export type { CancelOperationsOptions, CancelReport } from "./client/bulk/cancel-operations.js";
export type { OperationNames } from "./client/bulk/name-source.js";
export type { WaitOperationsOptions, WaitReport } from "./client/bulk/wait-operations.js";
export type { OperationCallOptions, WaitOperationOptions } from "./client/call-options.js";
export type { CancelAndWaitOptions } from "./client/cancel-and-wait.js";
export type { ResultOptions } from "./client/cancel-on-abort.js";
export type { OperationsClient } from "./client/client.js";
export { createOperationsClient } from "./client/client.js";
export type { OperationsClientOptions } from "./client/client-options.js";
export {
  cancelOperation,
  cancelOperations,
  createOperationHandle,
  deleteOperation,
  getOperation,
  listOperations,
  waitOperation,
  waitOperations,
  watchOperations,
} from "./client/functions.js";
export type { OperationHandle } from "./client/handle.js";
export { OperationError } from "./client/operation-error.js";
export type { OperationJson } from "./client/operation-json.js";
export type { ListOperationsOptions, OperationList } from "./client/operation-list.js";
export type { HandleOptions } from "./client/operation-loop.js";
export type { OperationMethod, OperationMethodOptions } from "./client/operation-method.js";
export { operationMethod } from "./client/operation-method.js";
export type { OperationTypes } from "./client/operation-types.js";
export type { OperationChange } from "./client/polling/known-operations.js";
export type { WatchOperationsOptions } from "./client/polling/poll-parent.js";
export type { PollingOptions } from "./client/polling/polling-options.js";
export type { WaitOptions } from "./client/polling/wait-limits.js";
export type { Outcome, Snapshot, SnapshotBase } from "./client/snapshot.js";
export { snapshotOf } from "./client/snapshot.js";
export type { StartMethod, StartOperation, StartOptions } from "./client/start-operation.js";
export { WaitTimeoutError } from "./client/wait-timeout-error.js";
export type { CallErrorReason } from "./errors/call-error.js";
export { CallError } from "./errors/call-error.js";
export { isCallError } from "./errors/is-call-error.js";
export { redactSecrets } from "./errors/sent-secrets.js";
export { HttpRuleError } from "./http-rule/http-rule-error.js";
export type { OperationsHttpRulesOptions } from "./http-rule/operations-http-rules.js";
export { operationsHttpRules } from "./http-rule/operations-http-rules.js";
export type { HttpRuleJson } from "./http-rule/rule-json.js";
export { anyToJson, unpackAny } from "./json/any.js";
export type { OperationMethodTypes, ServiceOperations } from "./names/service-operations.js";
export type {
  AttemptEvent,
  CallEvent,
  ObservedCall,
  ObservedHandle,
  ObservedWait,
  OperationEvent,
  PausedBy,
  PollEvent,
  RequestEvent,
  StateEvent,
  TransientErrorEvent,
  WaitEvent,
  WaitOutcome,
} from "./observer/events.js";
export type { Observer } from "./observer/observer.js";
export { retryInterceptor } from "./retry/retry-interceptor.js";
export type { RetryOptions } from "./retry/retry-policy.js";
export type { Clock } from "./time/clock.js";
export type {
  Dispatcher,
  Fetch,
  HttpOptions,
  RestRequest,
  RestTransport,
  RestTransportOptions,
  SystemParameters,
  TlsOptions,
} from "./transport/rest/transport.js";
export { createRestTransport } from "./transport/rest/transport.js";
