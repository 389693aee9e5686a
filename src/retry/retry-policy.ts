// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { DEFAULT_MAX_RETRY_DELAY_MS } from "../budgets/budgets.js";
import {
  arrayOption,
  checkNumber,
  codesOption,
  invalidOption,
  rejectUnknownKeys,
  withDefaults,
} from "../errors/options.js";
import { selectorOf } from "../names/method-name.js";
import type { Backoff } from "./backoff.js";
import { parseServiceConfig } from "./grpc-service-config.js";
import type { FindPolicy, MethodPolicy, RetryPolicy } from "./method-policy.js";

/**
 * How failed calls are sent again. The defaults are googleapis' own configuration for
 * `google.longrunning.Operations`: after UNAVAILABLE, five attempts in all, from 500 ms to 10 s apart.
 *
 * A delay that the server asks for (`RetryInfo`, `Retry-After`) replaces a shorter one of ours, up to `maxRetryDelayMs`.
 */
export interface RetryOptions {
  /** Attempts in all, the first included; 1 sends nothing again. @default 5 */
  readonly maxAttempts?: number | undefined;
  /** The delay before the second attempt, in milliseconds. @default 500, or `maxMs` if that is less */
  readonly initialMs?: number | undefined;
  /** How much longer each delay is than the one before. @default 2 */
  readonly multiplier?: number | undefined;
  /** The longest delay, in milliseconds. @default 10_000, or `initialMs` if that is more */
  readonly maxMs?: number | undefined;
  /** The largest part of a delay that chance takes off it, 0 to 1. @default 0.2 */
  readonly jitter?: number | undefined;
  /** The longest delay that a server may ask for, in milliseconds; a longer one is cut. @default 600_000 */
  readonly maxRetryDelayMs?: number | undefined;
  /** The codes after which a call is sent again. @default [Code.Unavailable] (AIP-194) */
  readonly codes?: readonly Code[] | undefined;
  /**
   * Selectors of further methods that may safely be sent twice, such as `"my.v1.Service.StartThing"`. The five methods
   * of Operations are known to be, and so is each method with an `idempotency_level`. @default []
   */
  readonly idempotentMethods?: readonly string[] | undefined;
  /**
   * A gRPC service config, as JSON.parse gives it: a method that its `methodConfig` names is retried as
   * configured there and has the timeout set there, whatever the other options. @default none
   */
  readonly serviceConfig?: unknown;
}

const OPTION_KEYS = {
  maxAttempts: true,
  initialMs: true,
  multiplier: true,
  maxMs: true,
  jitter: true,
  maxRetryDelayMs: true,
  codes: true,
  idempotentMethods: true,
  serviceConfig: true,
} as const satisfies Record<keyof RetryOptions, true>;

/**
 * The codes after which a call is sent again by itself: AIP-194 names this one, by which a server reports
 * that it did not take the request.
 */
const RETRIED_CODES: readonly Code[] = [Code.Unavailable];

/** The defaults of {@link RetryOptions}. */
export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 5,
  initialMs: 500,
  multiplier: 2,
  maxMs: 10_000,
  jitter: 0.2,
  maxRetryDelayMs: DEFAULT_MAX_RETRY_DELAY_MS,
  codes: RETRIED_CODES,
};

/**
 * Checks the options and makes the lookup of them; `false` sends nothing again.
 *
 * @throws TypeError for an option that is unknown, out of range or contradicts another.
 */
export function createFindPolicy(options: RetryOptions | false, owner: string): FindPolicy {
  if (options === false) return () => ({ retry: undefined, timeoutMs: undefined });
  rejectUnknownKeys(owner, options, OPTION_KEYS);
  const policy: RetryPolicy = {
    ...withDefaults(options, DEFAULT_RETRY),
    ...withBounds(options, DEFAULT_RETRY),
    codes: codesOption(`${owner}.codes`, options.codes, DEFAULT_RETRY.codes),
  };
  checkNumber(`${owner}.maxAttempts`, policy.maxAttempts, { min: 1, max: 1_000, whole: true });
  checkNumber(`${owner}.maxRetryDelayMs`, policy.maxRetryDelayMs, { min: 0, max: Number.POSITIVE_INFINITY });
  checkBackoff(owner, policy, 1);
  const configured = parseServiceConfig(options.serviceConfig, `${owner}.serviceConfig`, policy);
  const further = arrayOption(
    `${owner}.idempotentMethods`,
    options.idempotentMethods,
    (selector) => typeof selector === "string",
    "full names of methods",
  );
  const safeToRepeat = new Set([...Operations.methods.map(selectorOf), ...further]);
  const always: MethodPolicy = { retry: policy, timeoutMs: undefined };
  const once: MethodPolicy = { retry: undefined, timeoutMs: undefined };
  const policyOf = (method: DescMethod) =>
    configured(method) ??
    (method.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN ||
    safeToRepeat.has(selectorOf(method))
      ? always
      : once);

  const known = new WeakMap<DescMethod, MethodPolicy>();
  return (method, idempotent = false) => {
    let found = known.get(method);
    if (found === undefined) {
      found = policyOf(method);
      known.set(method, found);
    }
    return idempotent && found === once ? always : found;
  };
}

/** The ends of a range of delays. */
type Bounds = Pick<Backoff, "initialMs" | "maxMs">;

/** The bounds given, and defaults for the others that do not cross them. What is no delay stays, to be rejected by its name. */
export function withBounds(
  given: { readonly [Key in keyof Bounds]?: Bounds[Key] | undefined },
  defaults: Bounds,
): Bounds {
  const isDelay = (value: unknown): value is number => typeof value === "number" && value >= 1;
  const {
    initialMs = isDelay(given.maxMs) ? Math.min(defaults.initialMs, given.maxMs) : defaults.initialMs,
  } = given;
  const { maxMs = isDelay(given.initialMs) ? Math.max(defaults.maxMs, given.initialMs) : defaults.maxMs } =
    given;
  return { initialMs, maxMs };
}

/** Rejects delays that shrink, bounds that cross, and jitter above `maxJitter`. */
export function checkBackoff(owner: string, backoff: Backoff, maxJitter: number): void {
  checkNumber(`${owner}.initialMs`, backoff.initialMs, { min: 1, max: 2 ** 53 });
  checkNumber(`${owner}.multiplier`, backoff.multiplier, { min: 1, max: 1_000 });
  checkNumber(`${owner}.maxMs`, backoff.maxMs, { min: 1, max: Number.POSITIVE_INFINITY });
  checkNumber(`${owner}.jitter`, backoff.jitter, { min: 0, max: maxJitter });
  if (backoff.maxMs < backoff.initialMs) {
    throw invalidOption(
      `${owner}.maxMs (${backoff.maxMs}) is less than ${owner}.initialMs (${backoff.initialMs})`,
    );
  }
}
