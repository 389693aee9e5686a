// SPDX-License-Identifier: Apache-2.0

import type { DescMessage, JsonObject, Message, MessageShape, Registry } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { type ErrorInfo, ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { type Status, StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { codeName } from "../names/code-name.js";
import { adManagerReasonOf } from "./admanager-error.js";
import { CALL_ERROR, hasCallErrorBrand } from "./call-error-brand.js";
import {
  type CallErrorContext,
  type CallErrorInit,
  type CallErrorReason,
  reasonOf,
} from "./call-error-init.js";
import { callErrorText } from "./call-error-text.js";
import { connectionAdvice, connectionProblemOf } from "./connection.js";
import {
  anyOfDetail,
  detailJson,
  findErrorDetails,
  receivedDetails,
  requestIdOf,
  retryDelayMsOf,
} from "./error-details.js";
import { fromUnknown } from "./from-unknown.js";
import { httpStatusFromCode } from "./http-status.js";
import { showJsonInLogs } from "./inspect.js";
import { isRateLimit } from "./rate-limit.js";
import { redactSecrets } from "./sent-secrets.js";

export type { CallErrorContext, CallErrorInit, CallErrorReason } from "./call-error-init.js";

/** What serialising or copying an error needs of its call. In a WeakMap, because loggers would otherwise walk the registry. */
const extrasByError = new WeakMap<CallError, Extras>();

type Extras = Pick<CallErrorInit, "registry" | "startsOperation" | "advice">;

function extrasOf(error: CallError): Extras {
  return extrasByError.get(error) ?? {}; // one of another copy of this library has none
}

/** Replaces an error's message, also in the stack's header, which begins with `Error: ` or with the error's own name. */
function rename(error: Error, message: string): void {
  const { stack, message: before } = error;
  error.message = message;
  for (const header of [`Error: ${before}`, `${error.name}: ${before}`]) {
    if (stack?.startsWith(header)) error.stack = `${error.name}: ${message}${stack.slice(header.length)}`;
  }
}

/**
 * A call failed. This is about the call, never about the operation: an operation that failed or was cancelled
 * is data.
 *
 * It is a `ConnectError`, by `instanceof` and by its `name`, which is how Connect recognizes its own across copies: its
 * stack begins with that name. Tell it from others by {@link isCallError} or `instanceof
 * CallError`. `rawMessage` is the server's own text; `message` also says which method, which name, and what to do. The
 * same error is equal over every transport. Printing one, by `console.log`, `JSON.stringify` or a logger that lists fields, shows
 * neither `metadata` nor `cause`.
 */
export class CallError extends ConnectError {
  /** The brand decides for CallError itself, for other copies of it too; classes derived from it as usual. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore-start lint/complexity/noThisInStatic: `this` may be a derived class; the class's own name in its body makes compilers call it _CallError.
    return Object.hasOwn(this.prototype, CALL_ERROR)
      ? hasCallErrorBrand(value)
      : Function.prototype[Symbol.hasInstance].call(this, value);
    // biome-ignore-end lint/complexity/noThisInStatic: as above
  }

  /** @internal */
  get [CALL_ERROR](): true {
    return true;
  }

  /** Full name of the method that was called. */
  readonly method: string | undefined;
  /** The operation that the call was about; of a method of another service, what the request's `name` says. */
  readonly operationName: string | undefined;
  /** Why it failed, as a closed list to switch on. */
  readonly reason: CallErrorReason;
  /** The error as google.rpc.Status: the server's own message, and every detail. */
  readonly status: Status;
  /** The google.rpc.ErrorInfo among the details: reason, domain and metadata for programs (AIP-193). */
  readonly errorInfo: ErrorInfo | undefined;
  /**
   * Delay in milliseconds that a google.rpc.RetryInfo among the details asks for. A `retry-after` header is
   * in `metadata`.
   */
  readonly retryDelayMs: number | undefined;
  /** The status of the HTTP response, over REST. */
  readonly httpStatus: number | undefined;
  /** The server's own name for this request, for a report to its operator. */
  readonly requestId: string | undefined;
  /** The number of attempts. */
  readonly attempts: number;
  /** False when nothing was sent, so that the server cannot have seen the call. */
  readonly requestSent: boolean;

  constructor(init: CallErrorInit) {
    const { code, method, operationName, requestSent } = init;
    const message = redactSecrets(init.message);
    super(message, code, init.metadata);
    const details = receivedDetails(init.details ?? []);
    this.details = details;
    const reason = init.reason ?? (isRateLimit(this) ? "rate-limited" : reasonOf(code, method, requestSent));
    const { registry, startsOperation } = init;
    const adManager = adManagerReasonOf(details, registry, code === Code.PermissionDenied);
    const advice = init.advice === undefined ? undefined : redactSecrets(init.advice);
    const text = callErrorText({
      message,
      method,
      operationName,
      reason,
      requestSent,
      startsOperation,
      advice: advice ?? connectionAdvice(connectionProblemOf({ cause: init.cause, message })),
      adManager,
    });
    // After Connect's prefix, `[not_found]`.
    rename(this, `${this.message.slice(0, this.message.indexOf("]") + 1)} ${text}`);
    extrasByError.set(this, { registry, startsOperation, advice });
    Object.defineProperty(this, "metadata", { value: this.metadata, enumerable: false });
    Object.defineProperty(this, "cause", { value: init.cause, enumerable: false, writable: true });
    this.method = method;
    this.operationName = operationName;
    this.reason = reason;
    this.status = create(StatusSchema, { code, message, details: details.map(anyOfDetail) });
    this.errorInfo = findErrorDetails(this, ErrorInfoSchema)[0];
    this.retryDelayMs = retryDelayMsOf(this);
    this.httpStatus = init.httpStatus;
    this.requestId = requestIdOf(this.metadata);
    this.attempts = init.attempts ?? 1;
    this.requestSent = requestSent;
    showJsonInLogs(this);
  }

  /**
   * The details of one type, or of all types in a registry, decoded. Unlike its base it also decodes details
   * that arrived as JSON of a type not known to the call. What cannot be decoded is left out;
   * `status.details` has it all the same.
   */
  override findDetails<Desc extends DescMessage>(schema: Desc): MessageShape<Desc>[];
  override findDetails(registry: Registry): Message[];
  override findDetails(types: DescMessage | Registry): Message[] {
    return findErrorDetails(this, types);
  }

  /**
   * The error for logs: plain values, no metadata and no cause. `httpStatus` is there when it says more than
   * `code` does, so that an error is the same over every transport.
   */
  toJSON(): JsonObject {
    const { method, operationName, reason, httpStatus, requestId, attempts, requestSent } = this;
    return {
      name: this.name,
      code: codeName(this.code),
      reason,
      message: this.message.replace(/^\[\w+\] /, ""),
      ...(method !== undefined && { method }),
      ...(operationName !== undefined && { operationName }),
      ...(addsToCode(httpStatus, this.code) && { httpStatus }),
      ...(requestId !== undefined && { requestId }),
      attempts,
      requestSent,
      details: receivedDetails(this.details).map((detail) => detailJson(detail, extrasOf(this).registry)),
    };
  }
}

/** Whether an HTTP status says more than the code does. A stream that fails under way had a 2xx response, as it has over gRPC. */
function addsToCode(httpStatus: number | undefined, code: number): httpStatus is number {
  return httpStatus !== undefined && httpStatus >= 300 && httpStatus !== httpStatusFromCode(code);
}

/**
 * Anything that a transport throws, as a {@link CallError}. A CallError keeps its fields and gets those that it
 * lacks from the context (`attempts` and `reason` of the context win). A failed connection is UNAVAILABLE,
 * and an AbortSignal's DOMException is `aborted-by-caller`, whatever the transport below called them.
 */
export function toCallError(error: unknown, context: CallErrorContext = {}): CallError {
  if (error instanceof CallError) return withContext(error, context);
  return new CallError({
    method: context.method,
    operationName: context.operationName,
    requestSent: context.requestSent ?? true,
    attempts: context.attempts,
    registry: context.registry,
    startsOperation: context.startsOperation,
    ...fromUnknown(error),
    ...(context.reason !== undefined && { reason: context.reason }),
  });
}

function withContext(error: CallError, context: CallErrorContext): CallError {
  const method = error.method ?? context.method;
  const operationName = error.operationName ?? context.operationName;
  const attempts = context.attempts ?? error.attempts;
  // A reason that followed from the code may follow differently now that the method is known.
  const derived = error.reason === reasonOf(error.code, error.method, error.requestSent);
  const kept = derived ? reasonOf(error.code, method, error.requestSent) : error.reason;
  const reason = context.reason ?? kept;
  const extras = extrasOf(error);
  const registry = context.registry ?? extras.registry;
  const startsOperation = context.startsOperation ?? extras.startsOperation;
  if (
    registry === extras.registry &&
    startsOperation === extras.startsOperation &&
    method === error.method &&
    operationName === error.operationName &&
    attempts === error.attempts &&
    reason === error.reason
  ) {
    return error;
  }
  return copyCallError(error, { method, operationName, attempts, reason, registry, startsOperation });
}

/** A new CallError with everything that `error` has, but for the changes. */
export function copyCallError(error: CallError, changes: Partial<CallErrorInit>): CallError {
  return new CallError({
    code: error.code,
    message: error.status.message,
    method: error.method,
    operationName: error.operationName,
    metadata: error.metadata,
    details: error.details,
    cause: error.cause,
    httpStatus: error.httpStatus,
    requestSent: error.requestSent,
    attempts: error.attempts,
    reason: error.reason,
    ...extrasOf(error),
    ...changes,
  });
}
