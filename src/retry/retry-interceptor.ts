// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
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

/**
 * An interceptor that sends failed unary calls again, for transports that are used without `createOperationsClient`. A
 * client of this library retries by itself: with both, `retry: false` on the client keeps attempts from multiplying.
 *
 * The call's deadline holds for all attempts together. Interceptors after this one run for each attempt.
 *
 * @throws TypeError for an option that is unknown or cannot be used.
 */
export function retry(options: RetryOptions = {}, sources: RetrySources = {}): Interceptor {
  const findPolicy = createFindPolicy(options, "retry");
  const { clock = systemClock, random = systemRandom } = sources;
  return (next) => async (request) => {
    // A stream cannot be begun again once part of it was read.
    if (request.stream) return next(request);
    return withAttempts(() => next(request), {
      policy: findPolicy(request.method).retry,
      timeoutMs: Number.POSITIVE_INFINITY,
      signal: request.signal,
      clock,
      random,
      method: request.method,
      operationName: undefined,
    });
  };
}
