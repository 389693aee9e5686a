// SPDX-License-Identifier: Apache-2.0

import type { Interceptor, StreamResponse } from "@connectrpc/connect";
import { type Context, context, SpanKind, trace } from "@opentelemetry/api";
import { toCallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";
import { observedCall } from "../observer/observed-call.js";
import { listenToAbort } from "../time/abort.js";
import { type Calls, endSpan } from "./calls.js";
import { endAttributes, rpcMethodOf, targetAttributes } from "./conventions.js";
import type { TelemetrySettings } from "./options.js";

const SETTER = { set: (header: Headers, name: string, value: string) => header.set(name, value) };

/**
 * Creates the interceptor: it writes the trace's context into each request, and says which server it goes to. A call that
 * is none of an observed client's, a stream for example, gets a span of its own, which ends with its last message.
 */
export function createInterceptor(settings: TelemetrySettings, calls: Calls): Interceptor {
  const { propagator, tracer, instruments, clock } = settings;
  return (next) => async (request) => {
    const call = request.contextValues.get(observedCall);
    const attempt = calls.attemptContext(call, () => targetAttributes(request));
    if (attempt !== undefined) {
      propagator.inject(attempt, request.header, SETTER);
      return context.with(attempt, () => next(request));
    }
    const rpcMethod = rpcMethodOf(selectorOf(request.method));
    const attributes = { ...targetAttributes(request), "rpc.method": rpcMethod };
    const parent = context.active();
    const span = tracer.startSpan(rpcMethod, { kind: SpanKind.CLIENT, attributes }, parent);
    const own = trace.setSpan(parent, span);
    const startMs = clock.now();
    const end = (thrown?: unknown) => {
      const error = thrown === undefined ? undefined : toCallError(thrown);
      endSpan(span, error);
      instruments.callDuration.record((clock.now() - startMs) / 1_000, {
        ...attributes,
        ...endAttributes(error),
      });
    };
    propagator.inject(own, request.header, SETTER);
    try {
      const response = await context.with(own, () => next(request));
      if (response.stream)
        return { ...response, message: observedMessages(response.message, own, end, request.signal) };
      end();
      return response;
    } catch (error) {
      end(error);
      throw error;
    }
  };
}

/**
 * The messages of a stream, each read in the context of its call; `end` is called once: after the last, with the error, when
 * the reader leaves, or when the call is aborted. (A client of Connect does not pass on that its reader has left.)
 */
function observedMessages<T extends StreamResponse["message"]>(
  messages: T,
  own: Context,
  end: (thrown?: unknown) => void,
  signal: AbortSignal,
): T {
  let isEnded = false;
  const endOnce = (thrown?: unknown) => {
    stopListening();
    if (!isEnded) end(thrown);
    isEnded = true;
  };
  const stopListening = listenToAbort(signal, () => endOnce(signal.reason));
  const observed = {
    [Symbol.asyncIterator]() {
      const inner = messages[Symbol.asyncIterator]();
      const run = async (step: () => Promise<IteratorResult<unknown>>) => {
        try {
          const result = await context.with(own, step);
          if (result.done === true) endOnce();
          return result;
        } catch (error) {
          endOnce(error);
          throw error;
        }
      };
      return {
        next: () => run(() => inner.next()),
        return: async (value?: unknown) => {
          if (inner.return !== undefined)
            return run(() => inner.return?.(value) as Promise<IteratorResult<unknown>>);
          endOnce();
          return { done: true as const, value };
        },
      };
    },
  };
  return observed as T; // The same messages, one by one.
}
