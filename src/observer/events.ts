// SPDX-License-Identifier: Apache-2.0
import type { CallError } from "../errors/call-error.js";

// What a client does, as it does it. No event carries a request, a response, a header or a token: names and errors are
// without the credentials that this process has sent, as everywhere.

/** One call: an RPC with its deadline and its retries. The same object in all events of the call, so that it can be a key. */
export interface ObservedCall {
  /** Full name of the method, `google.longrunning.Operations.GetOperation`. */
  readonly method: string;
  /** The operation that the call is about; undefined for a List without a parent and for a call that starts one. */
  readonly operationName: string | undefined;
  /** The handle whose poll or cancel this is; undefined for a call of its own. */
  readonly handle: ObservedHandle | undefined;
}

/** One handle of an operation. An empty object, the same in all events of the handle: what polls and waits belong together by. */
export type ObservedHandle = Readonly<Record<string, never>>;

/** A call begins, or has ended. */
export type CallEvent =
  | { readonly phase: "start"; readonly call: ObservedCall }
  | {
      readonly phase: "end";
      readonly call: ObservedCall;
      /** In milliseconds, retries and the pauses between them included. */
      readonly durationMs: number;
      readonly attempts: number;
      /** Undefined for a call that succeeded. */
      readonly error: CallError | undefined;
    };

/** Why a pause is as long as it is: our own backoff, or a longer one that the server asked for (RetryInfo, Retry-After). */
export type PausedBy = "backoff" | "server";

/** One request of a call is sent, or has ended. */
export type AttemptEvent =
  | { readonly phase: "start"; readonly call: ObservedCall /** From 1. */; readonly attempt: number }
  | {
      readonly phase: "end";
      readonly call: ObservedCall;
      readonly attempt: number;
      /** In milliseconds. */
      readonly durationMs: number;
      readonly error: CallError | undefined;
      /** The pause before the next attempt, in milliseconds; undefined when there is none. */
      readonly retryInMs: number | undefined;
      readonly pausedBy: PausedBy | undefined;
    };

/** One `wait`, `watch`, `result` or `cancelAndWait`. The same object in both of its events. */
export interface ObservedWait {
  readonly kind: "wait" | "watch" | "result" | "cancelAndWait";
  readonly operationName: string;
  readonly handle: ObservedHandle;
}

/**
 * How a wait ended: the operation's own end; the time was up; the caller aborted, or left the loop of a `watch`; a call
 * failed for good.
 */
export type WaitOutcome = "succeeded" | "failed" | "cancelled" | "timeout" | "aborted" | "left" | "error";

/** A wait begins, or has ended. */
export type WaitEvent =
  | { readonly phase: "start"; readonly wait: ObservedWait }
  | {
      readonly phase: "end";
      readonly wait: ObservedWait;
      readonly durationMs: number;
      /** Polls of the handle meanwhile. */
      readonly polls: number;
      readonly outcome: WaitOutcome;
      /** What the wait threw: a `CallError` or a `WaitTimeoutError`. */
      readonly error: Error | undefined;
    };

/** What the events about one operation have in common. */
export interface OperationEvent {
  readonly handle: ObservedHandle;
  readonly operationName: string;
}

/** A poll has ended. */
export interface PollEvent extends OperationEvent {
  /** Of all polls of the handle, from 1. */
  readonly poll: number;
  /** In milliseconds. */
  readonly durationMs: number;
  /** What the poll saw; undefined for one that failed. */
  readonly state: "running" | "succeeded" | "failed" | "cancelled" | undefined;
  readonly error: CallError | undefined;
  /** The pause before the next poll, in milliseconds; undefined when there is none. */
  readonly pauseMs: number | undefined;
  readonly pausedBy: PausedBy | undefined;
}

/** An operation is seen in another state than before. */
export interface StateEvent extends OperationEvent {
  /** Undefined for the first that is seen. */
  readonly from: "running" | undefined;
  readonly to: "running" | "succeeded" | "failed" | "cancelled";
}

/** A poll has failed, and the wait goes on. */
export interface TransientErrorEvent extends OperationEvent {
  readonly poll: number;
  readonly error: CallError;
  /** The pause before the next poll, in milliseconds. */
  readonly pauseMs: number;
  readonly pausedBy: PausedBy;
}

/** One request of a transport of this library has its response, or has failed. On the diagnostics channel alone. */
export interface RequestEvent {
  /** The HTTP method. */
  readonly verb: string;
  /** Without the values of its query. */
  readonly url: string;
  /** Full name of the method. */
  readonly method: string;
  /** In milliseconds. */
  readonly durationMs: number;
  /** Undefined for one that succeeded. */
  readonly error: CallError | undefined;
}
