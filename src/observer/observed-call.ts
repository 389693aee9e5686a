// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import type { ContextKey } from "@connectrpc/connect";
import type { CallError } from "../errors/call-error.js";
import type { SecretForms } from "../errors/secrets.js";
import { redactSecrets, sentForms } from "../errors/sent-secrets.js";
import { selectorOf } from "../names/method-name.js";
import type { Clock } from "../time/clock.js";
import { eventError } from "./event-error.js";
import type { AttemptEvent, CallEvent, ObservedCall, ObservedHandle, PausedBy } from "./events.js";
import type { Topic } from "./topic.js";

/** The pause before the next attempt. */
export interface RetryPause {
  readonly retryInMs: number;
  readonly pausedBy: PausedBy;
}

/** Is told about the attempts of one call. */
export interface AttemptListener {
  onStart(attempt: number): void;
  /** @param retry - undefined when there is no further attempt */
  onEnd(attempt: number, error: CallError | undefined, retry: RetryPause | undefined): void;
}

/** A call that somebody observes. */
export interface CallInProgress {
  readonly call: ObservedCall;
  readonly attempts: AttemptListener;
  end(error: unknown): void;
}

/** The topics of calls. */
export interface CallTopics {
  readonly call: Topic<CallEvent>;
  readonly attempt: Topic<AttemptEvent>;
}

/** What a call is begun with. */
export interface CallStart {
  readonly method: DescMethod;
  readonly operationName: string | undefined;
  readonly handle: ObservedHandle | undefined;
  /** The call's own headers, whose credentials no event repeats. */
  readonly headers: HeadersInit | undefined;
}

/**
 * Context value by which the interceptors of a call know it by its events; undefined while nobody observes. One key for all
 * copies of this library in a program.
 */
export const observedCall: ContextKey<ObservedCall | undefined> = {
  id: Symbol.for("longrunning.observedCall"),
  defaultValue: undefined,
};

/**
 * Emits the beginning of a call; what it returns emits the call's attempts and its end. `undefined` while nobody listens to
 * calls or their attempts.
 */
export type BeginCall = (start: CallStart, clock: Clock) => CallInProgress | undefined;

/** Creates the {@link BeginCall} of some topics. */
export function createBeginCall(topics: CallTopics): BeginCall {
  const { call, attempt } = topics;
  return (start, clock) =>
    call.hasListeners() || attempt.hasListeners() ? beginCall(topics, start, clock) : undefined;
}

function beginCall(topics: CallTopics, start: CallStart, clock: Clock): CallInProgress {
  const { call: calls, attempt: attempts } = topics;
  const { method, operationName, handle, headers } = start;
  const call: ObservedCall = {
    method: selectorOf(method),
    operationName: operationName === undefined ? undefined : redactSecrets(operationName),
    handle,
  };
  const clean = (error: unknown) => (error === undefined ? undefined : eventError(error, formsFor(headers)));
  const startMs = clock.now();
  let attemptStartMs = startMs;
  let made = 0;
  let ended = false;
  calls.emit({ phase: "start", call });
  return {
    call,
    attempts: {
      onStart: (attempt) => {
        made = attempt;
        attemptStartMs = clock.now();
        attempts.emit({ phase: "start", call, attempt });
      },
      onEnd: (attempt, error, retry) => {
        const durationMs = clock.now() - attemptStartMs;
        const { retryInMs, pausedBy } = retry ?? { retryInMs: undefined, pausedBy: undefined };
        attempts.emit({ phase: "end", call, attempt, durationMs, error: clean(error), retryInMs, pausedBy });
      },
    },
    end: (error) => {
      if (ended) return; // An `onHeader` that throws comes after the end.
      ended = true;
      const durationMs = clock.now() - startMs;
      calls.emit({ phase: "end", call, durationMs, attempts: made, error: clean(error) });
    },
  };
}

/** The secrets that were sent, those of a call's own headers included; headers that HTTP does not allow were not sent. */
function formsFor(headers: HeadersInit | undefined): SecretForms {
  try {
    return sentForms(headers === undefined ? undefined : new Headers(headers));
  } catch {
    return sentForms();
  }
}
