// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescMethodUnary, MessageInitShape, Registry } from "@bufbuild/protobuf";
import {
  type ContextKey,
  type ContextValues,
  createContextValues,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { callTypes } from "../json/registry.js";
import { withAttempts } from "../retry/attempts.js";
import type { Random } from "../retry/backoff.js";
import type { FindPolicy } from "../retry/method-policy.js";
import type { Clock } from "../time/clock.js";
import { toTransportTimeoutMs } from "../time/timer.js";
import type { OperationCallOptions } from "./call-options.js";
import { withCallerFrames } from "./caller-frames.js";

/** What a client makes its calls with. */
export interface CallerOptions {
  readonly transport: Transport;
  readonly findPolicy: FindPolicy;
  readonly clock: Clock;
  readonly random: Random;
  /** The time for a call that says none and whose method's policy says none, in milliseconds. */
  readonly timeoutMs: number;
  /** Types that any response may carry in an `Any`. */
  readonly registry: Registry | undefined;
}

/** What is known of a call beside its method, message and options. */
export interface CallContext {
  /** The operation that the call is about, for errors. */
  readonly operationName?: string | undefined;
  /** The types that the response may carry, where they are known more exactly than for the whole client. */
  readonly registry?: Registry | undefined;
  /** The caller's word that the call may be sent twice. */
  readonly idempotent?: boolean | undefined;
  /** The time for a call that says none, in place of the client's. */
  readonly defaultTimeoutMs?: number | undefined;
  /** What is left of a longer undertaking that the call is part of: its time is no longer than this. */
  readonly atMostMs?: number | undefined;
}

/**
 * Sends one unary call: with its deadline, again where its method may be, and with every failure as a `CallError`.
 * Everything that a client sends goes through here.
 */
export type Caller = <I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  message: MessageInitShape<I>,
  options: OperationCallOptions,
  context: CallContext,
) => Promise<UnaryResponse<I, O>>;

/** Creates the caller of one client. Nothing is wrapped around the transport: an attempt is one call of it. */
export function createCaller(caller: CallerOptions): Caller {
  const { transport, findPolicy, clock, random } = caller;
  return async (method, message, options, context) => {
    const policy = findPolicy(method, context.idempotent);
    const { signal } = options;
    const contextValues = withCallTypes(options.contextValues, context.registry ?? caller.registry);
    const timeoutMs = options.timeoutMs ?? policy.timeoutMs ?? context.defaultTimeoutMs ?? caller.timeoutMs;
    const response = await withCallerFrames(
      withAttempts(
        (leftMs) =>
          transport.unary(
            method,
            signal,
            toTransportTimeoutMs(leftMs),
            options.headers,
            message,
            contextValues,
          ),
        {
          policy: policy.retry,
          timeoutMs: context.atMostMs === undefined ? timeoutMs : Math.min(timeoutMs, context.atMostMs),
          signal,
          clock,
          random,
          method,
          operationName: context.operationName,
          registry: context.registry ?? caller.registry,
        },
      ),
    );
    options.onHeader?.(response.header);
    options.onTrailer?.(response.trailer);
    return response;
  };
}

/**
 * The context values of a call, with the types that its answer may carry: how a transport that decodes JSON learns
 * what an operation's `Any` fields hold. The caller's own values are read through, and neither changed nor copied; types
 * that the caller has set there stand.
 */
export function withCallTypes(
  values: ContextValues | undefined,
  registry: Registry | undefined,
): ContextValues | undefined {
  if (registry === undefined) return values;
  if (values === undefined) return createContextValues().set(callTypes, registry);
  if (values.get(callTypes) !== undefined) return values;
  return {
    get: <T>(key: ContextKey<T>) => (key.id === callTypes.id ? (registry as T) : values.get(key)),
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
