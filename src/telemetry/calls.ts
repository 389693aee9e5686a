// SPDX-License-Identifier: Apache-2.0
import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import type { CallError } from "../errors/call-error.js";
import type { AttemptEvent, CallEvent, ObservedCall } from "../observer/events.js";
import { endAttributes, rpcMethodOf } from "./conventions.js";
import type { TelemetrySettings } from "./options.js";
import type { Waits } from "./waits.js";

/** The spans of a call and of its attempt under way. */
interface CallSpans {
  readonly span: Span;
  readonly context: Context;
  readonly rpcMethod: string;
  attempt: Span | undefined;
  /** What the interceptor has found out: the RPC system and the server. */
  target: Attributes;
}

/** The spans and metrics of the calls of clients. */
export interface Calls {
  onCall(event: CallEvent): void;
  onAttempt(event: AttemptEvent): void;
  /** The context of the attempt under way, completed with the server that it goes to; undefined for a call that is not known. */
  attemptContext(call: ObservedCall | undefined, target: () => Attributes): Context | undefined;
}

/** The system of a call that ended before an interceptor saw it. */
const UNKNOWN_TARGET = { "rpc.system.name": "_OTHER" };

/** Creates the spans of calls, one for all attempts of a call and one below it for each. */
export function createCalls(settings: TelemetrySettings, waits: Waits): Calls {
  const { tracer, instruments, operationNames } = settings;
  const spans = new WeakMap<ObservedCall, CallSpans>();

  const begin = (call: ObservedCall) => {
    const { context: parent, links } = waits.parentOf(call.handle);
    const rpcMethod = rpcMethodOf(call.method);
    const name =
      operationNames && call.operationName !== undefined
        ? { "longrunning.operation.name": call.operationName }
        : {};
    const attributes = { "rpc.method": rpcMethod, ...name };
    const span = tracer.startSpan(rpcMethod, { kind: SpanKind.CLIENT, attributes, links }, parent);
    spans.set(call, {
      span,
      context: trace.setSpan(parent, span),
      rpcMethod,
      attempt: undefined,
      target: UNKNOWN_TARGET,
    });
  };
  return {
    onCall: (event) => {
      if (event.phase === "start") return begin(event.call);
      const own = spans.get(event.call);
      if (own === undefined) return;
      const { span, target, rpcMethod } = own;
      span.setAttributes({ ...target, "longrunning.call.attempts": event.attempts });
      endSpan(span, event.error);
      const measured = { ...target, "rpc.method": rpcMethod, ...endAttributes(event.error) };
      instruments.callDuration.record(event.durationMs / 1_000, measured);
    },
    onAttempt: (event) => {
      const own = spans.get(event.call);
      if (own === undefined) return;
      const { rpcMethod, context } = own;
      if (event.phase === "start") {
        const attributes = { "rpc.method": rpcMethod, "longrunning.attempt.number": event.attempt };
        const options = { kind: SpanKind.CLIENT, attributes };
        own.attempt = tracer.startSpan(`Attempt.${rpcMethod}`, options, context); // gRFC A72
        return;
      }
      const { error, retryInMs, pausedBy } = event;
      own.attempt?.setAttributes(own.target);
      if (own.attempt !== undefined) endSpan(own.attempt, error);
      own.attempt = undefined;
      if (retryInMs === undefined) return;
      const result = endAttributes(error);
      instruments.retries.add(1, { "rpc.method": rpcMethod, ...result });
      own.span.addEvent("longrunning.retry", {
        ...result,
        "longrunning.retry.pause": retryInMs / 1_000,
        "longrunning.retry.paused_by": pausedBy,
      });
    },
    attemptContext: (call, target) => {
      const own = call && spans.get(call);
      if (own?.attempt === undefined) return undefined;
      if (own.target === UNKNOWN_TARGET) own.target = target();
      return trace.setSpan(own.context, own.attempt);
    },
  };
}

/** Ends a span. Its status has the reason of the error, which is one of a closed list: a server's own words may be anything. */
export function endSpan(span: Span, error: CallError | undefined): void {
  span.setAttributes(endAttributes(error));
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error.reason });
  span.end();
}
