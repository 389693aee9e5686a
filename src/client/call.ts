// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescMethodUnary, MessageInitShape, Registry } from "@bufbuild/protobuf";
import {
  Code,
  type ContextKey,
  type ContextValues,
  createContextValues,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { CallError } from "../errors/call-error.js";
import { isCallError } from "../errors/is-call-error.js";
import { redactError } from "../errors/redaction.js";
import { sentForms } from "../errors/sent-secrets.js";
import { callTypes } from "../json/registry.js";
import { selectorOf } from "../names/method-name.js";
import type { ObservedHandle } from "../observer/events.js";
import { type BeginCall, observedCall } from "../observer/observed-call.js";
import { withAttempts } from "../retry/attempts.js";
import type { Random } from "../retry/backoff.js";
import type { FindPolicy } from "../retry/method-policy.js";
import type { Clock } from "../time/clock.js";
import { toTransportTimeoutMs } from "../time/timer.js";
import type { OperationCallOptions } from "./call-options.js";
import { addCallerFrames } from "./caller-frames.js";

/** What a client sends its calls with. */
export interface InvokeSettings {
  readonly transport: Transport;
  readonly findPolicy: FindPolicy;
  readonly clock: Clock;
  readonly random: Random;
  /** The time for a call when neither its options nor its method's policy set one, in milliseconds. */
  readonly timeoutMs: number;
  /** Types that any response may carry in an `Any`. */
  readonly registry: Registry | undefined;
  /** Emits the calls to whoever listens. */
  readonly beginCall: BeginCall;
}

/** Per-call settings that are not part of the public options. */
export interface CallContext {
  /** The operation that the call is about, for errors. */
  readonly operationName?: string | undefined;
  /** The types that the response may carry, where they are known more exactly than for the whole client. */
  readonly registry?: Registry | undefined;
  /** Whether the caller vouches that the call may be sent twice. */
  readonly idempotent?: boolean | undefined;
  /** The time for a call whose options set none, in place of the client's. */
  readonly defaultTimeoutMs?: number | undefined;
  /** An upper bound on the call's time: what is left of the wait that it is part of. */
  readonly atMostMs?: number | undefined;
  /** The handle whose poll or cancel this is, for observers. */
  readonly handle?: ObservedHandle | undefined;
}

/**
 * Sends one unary call, with a deadline and with retries where the method allows them. Every error is a `CallError`.
 * Everything that a client sends goes through here.
 */
export type Invoke = <I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  message: MessageInitShape<I>,
  options: OperationCallOptions,
  context: CallContext,
) => Promise<UnaryResponse<I, O>>;

/** Creates the {@link Invoke} of one client. Each attempt is one call of the transport. */
export function createInvoke(settings: InvokeSettings): Invoke {
  const { transport, findPolicy, clock, random, beginCall } = settings;
  return async (method, message, options, context) => {
    const { signal, headers } = options;
    const policy = findPolicy(method, context.idempotent);
    const registry = context.registry ?? settings.registry;
    const { operationName, handle } = context;
    const observed = beginCall({ method, operationName, handle, headers }, clock);
    const given =
      observed === undefined
        ? options.contextValues
        : withValue(options.contextValues, observedCall, observed.call);
    const contextValues = registry === undefined ? given : withCallTypes(given, registry);
    const timeoutMs = options.timeoutMs ?? policy.timeoutMs ?? context.defaultTimeoutMs ?? settings.timeoutMs;
    const send = (leftMs: number) =>
      transport.unary(method, signal, toTransportTimeoutMs(leftMs), headers, message, contextValues);
    try {
      const response = await withAttempts(send, {
        policy: policy.retry,
        timeoutMs: context.atMostMs === undefined ? timeoutMs : Math.min(timeoutMs, context.atMostMs),
        signal,
        clock,
        random,
        method,
        operationName,
        registry,
        listener: observed?.attempts,
      });
      checkResponse(method, response);
      observed?.end(undefined);
      // Awaited only where they are given: one that is async may reject.
      if (options.onHeader !== undefined) await options.onHeader(response.header);
      if (options.onTrailer !== undefined) await options.onTrailer(response.trailer);
      return response;
    } catch (error) {
      const failed = withoutOwnSecrets(error, headers);
      observed?.end(failed);
      throw addCallerFrames(failed);
    }
  };
}

/** An interceptor may have forgotten to return what `next` has given it. */
function checkResponse(method: DescMethodUnary, response: UnaryResponse | undefined): void {
  if (response?.message?.$typeName === method.output.typeName) return;
  throw new CallError({
    code: Code.Internal,
    message: `the transport returned no ${method.output.typeName} (expected the response of next(), from an interceptor too)`,
    method: selectorOf(method),
    requestSent: true,
  });
}

/** The error of a call without the credentials in its own headers: a transport of another library leaves them in. */
function withoutOwnSecrets(error: unknown, headers: HeadersInit | undefined): unknown {
  if (headers === undefined || !isCallError(error) || !error.requestSent) return error;
  return redactError(error, sentForms(new Headers(headers)));
}

/**
 * The context values of a call, with the types that its response may carry: a transport that decodes JSON learns from them
 * what an operation's `Any` fields hold. Types that the caller has set there win.
 */
function withCallTypes(values: ContextValues | undefined, registry: Registry): ContextValues {
  return values?.get(callTypes) === undefined ? withValue(values, callTypes, registry) : values;
}

/** Context values with one more. The caller's own are read through, neither changed nor copied. */
function withValue<V>(values: ContextValues | undefined, own: ContextKey<V>, value: V): ContextValues {
  if (values === undefined) return createContextValues().set(own, value);
  return {
    // The value is that of the key `own`, which a comparison of ids cannot tell the compiler.
    get: <T>(key: ContextKey<T>) => (key.id === own.id ? (value as unknown as T) : values.get(key)),
    set(key, value) {
      values.set(key, value);
      return this;
    },
    delete(key) {
      values.delete(key);
      return this;
    },
  };
}
