// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import { checkClock, checkFunction, rejectUnknownKeys } from "../errors/options.js";
import { type Clock, systemClock } from "../time/clock.js";
import { withAttempts } from "./attempts.js";
import { type Random, systemRandom } from "./backoff.js";
import { createFindPolicy, type RetryOptions } from "./retry-policy.js";

/** Where the interceptor's time and chance come from, for tests. */
export interface RetrySources {
  /** @default the system's clock */
  readonly clock?: Clock | undefined;
  /** @default `Math.random` */
  readonly random?: Random | undefined;
}

const OWNER = "retryInterceptor";
const SOURCE_KEYS = { clock: true, random: true } as const satisfies Record<keyof RetrySources, true>;

/**
 * An interceptor that sends failed unary calls again, for transports that are used without `createOperationsClient`. A
 * client of this library retries by itself: with both, `retry: false` on the client keeps attempts from multiplying.
 *
 * The call's deadline holds for all attempts together, and each attempt is sent with what is left of it. Interceptors
 * after this one run for each attempt.
 *
 * @throws TypeError for an option that is unknown or cannot be used.
 */
export function retryInterceptor(options: RetryOptions = {}, sources: RetrySources = {}): Interceptor {
  const findPolicy = createFindPolicy(options, OWNER);
  rejectUnknownKeys(OWNER, sources, SOURCE_KEYS);
  const { clock = systemClock, random = systemRandom } = sources;
  checkClock(OWNER, clock);
  checkFunction(`${OWNER}: random`, random);
  return (next) => async (request) => {
    // A stream cannot be begun again once part of it was read.
    if (request.stream) return next(request);
    const timeout = timeoutHeaderOf(request.header);
    const send = (leftMs: number) => {
      if (timeout !== undefined) request.header.set(timeout.name, timeout.format(leftMs));
      return next(request);
    };
    return withAttempts(send, {
      policy: findPolicy(request.method).retry,
      timeoutMs: timeout?.ms ?? Number.POSITIVE_INFINITY,
      signal: request.signal,
      clock,
      random,
      method: request.method,
      operationName: undefined,
    });
  };
}

/** Milliseconds of the units of `grpc-timeout` (gRPC over HTTP/2). */
const UNITS: Readonly<Record<string, number>> = { n: 1e-6, u: 1e-3, m: 1, S: 1_000, M: 60_000, H: 3_600_000 };

/** The deadline header that a transport of Connect has set, if any. */
function timeoutHeaderOf(header: Headers) {
  const connect = /^\d+$/.exec(header.get("connect-timeout-ms") ?? "")?.[0];
  if (connect !== undefined) {
    return { name: "connect-timeout-ms", ms: Number(connect), format: (ms: number) => `${Math.ceil(ms)}` };
  }
  const [, amount, unit = ""] = /^(\d{1,8})([numSMH])$/.exec(header.get("grpc-timeout") ?? "") ?? [];
  if (amount === undefined) return undefined;
  const ms = Number(amount) * (UNITS[unit] ?? 1);
  return {
    name: "grpc-timeout",
    ms,
    format: (leftMs: number) => (leftMs === ms ? `${amount}${unit}` : `${Math.ceil(leftMs)}m`),
  };
}
