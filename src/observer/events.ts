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

/**
 * One handle of an operation, or one `watchOperations`. An empty object, the same in all of its events: what polls and waits
 * belong together by.
 */
export type ObservedHandle = Readonly<Record<string, never>>;

/** A call begins, or has ended. */
export type CallEvent =
  | {
      /** The beginning. */
      readonly phase: "start";
      /** The call; the same object in all of its events. */
      readonly call: ObservedCall;
    }
  | {
      /** The end. */
      readonly phase: "end";
      /** The call; the same object in all of its events. */
      readonly call: ObservedCall;
      /** In milliseconds, retries and the pauses between them included. */
      readonly durationMs: number;
      /** Requests that were sent. */
      readonly attempts: number;
      /** Undefined for a call that succeeded. */
      readonly error: CallError | undefined;
    };

/** Why a pause is as long as it is: our own backoff, or a longer one that the server asked for (RetryInfo, Retry-After). */
export type PausedBy = "backoff" | "server";

/** One request of a call is sent, or has ended. */
export type AttemptEvent =
  | {
      /** The beginning. */
      readonly phase: "start";
      /** The call; the same object in all of its events. */
      readonly call: ObservedCall;
      /** Which one of the call, from 1. */
      readonly attempt: number;
    }
  | {
      /** The end. */
      readonly phase: "end";
      /** The call; the same object in all of its events. */
      readonly call: ObservedCall;
      /** Which one of the call, from 1. */
      readonly attempt: number;
      /** In milliseconds. */
      readonly durationMs: number;
      /** Undefined for one that succeeded. */
      readonly error: CallError | undefined;
      /** The pause before the next attempt, in milliseconds; undefined when there is none. */
      readonly retryInMs: number | undefined;
      /** Who set the pause; undefined when there is none. */
      readonly pausedBy: PausedBy | undefined;
    };

/** One `wait`, `watch`, `result` or `cancelAndWait`. The same object in both of its events. */
export interface ObservedWait {
  /** The method that waits. */
  readonly kind: "wait" | "watch" | "result" | "cancelAndWait";
  /** The name of the operation. */
  readonly operationName: string;
  /** The handle that polls; the same object in all of its events. */
  readonly handle: ObservedHandle;
}

/**
 * How a wait ended: the operation's own end; the time was up; the caller aborted, or left the loop of a `watch`; a call
 * failed for good.
 */
export type WaitOutcome = "succeeded" | "failed" | "cancelled" | "timeout" | "aborted" | "left" | "error";

/** A wait begins, or has ended. */
export type WaitEvent =
  | {
      /** The beginning. */
      readonly phase: "start";
      /** The wait; the same object in both events. */
      readonly wait: ObservedWait;
    }
  | {
      /** The end. */
      readonly phase: "end";
      /** The wait; the same object in both events. */
      readonly wait: ObservedWait;
      /** In milliseconds. */
      readonly durationMs: number;
      /** Polls of the handle meanwhile. */
      readonly polls: number;
      /** How it ended. */
      readonly outcome: WaitOutcome;
      /** What the wait threw: a `CallError` or a `WaitTimeoutError`. */
      readonly error: Error | undefined;
    };

/** What the events about one operation have in common. */
export interface OperationEvent {
  /** The handle that polls; the same object in all of its events. */
  readonly handle: ObservedHandle;
  /** The name of the operation. */
  readonly operationName: string;
}

/**
 * A poll has ended. That of a `watchOperations` is a List with all that belongs to it, the time that the reader took for its
 * changes included: `operationName` is the parent, and there is no `state`.
 */
export interface PollEvent extends OperationEvent {
  /** Of all polls of the handle, from 1. */
  readonly poll: number;
  /** In milliseconds. */
  readonly durationMs: number;
  /** What the poll saw; undefined for one that failed, and for the List of a `watchOperations`. */
  readonly state: "running" | "succeeded" | "failed" | "cancelled" | undefined;
  /** Undefined for one that succeeded. */
  readonly error: CallError | undefined;
  /** The pause before the next poll, in milliseconds; undefined when there is none. */
  readonly pauseMs: number | undefined;
  /** Who set the pause; undefined when there is none. */
  readonly pausedBy: PausedBy | undefined;
}

/** An operation is seen in another state than before. */
export interface StateEvent extends OperationEvent {
  /** Undefined for the first that is seen. */
  readonly from: "running" | undefined;
  /** What it is seen in now. */
  readonly to: "running" | "succeeded" | "failed" | "cancelled";
}

/** A poll has failed, and the wait goes on. */
export interface TransientErrorEvent extends OperationEvent {
  /** Of all polls of the handle, from 1. */
  readonly poll: number;
  /** Why the poll failed. */
  readonly error: CallError;
  /** The pause before the next poll, in milliseconds. */
  readonly pauseMs: number;
  /** Who set the pause. */
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
