// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import {
  checkClock,
  checkFunction,
  checkNumber,
  invalidOption,
  registryOption,
  rejectUnknownKeys,
} from "../errors/options.js";
import { type BeginCall, createBeginCall } from "../observer/observed-call.js";
import { checkObserver, createTopics, type Observer, type Topics } from "../observer/observer.js";
import { type Random, systemRandom } from "../retry/backoff.js";
import type { FindPolicy } from "../retry/method-policy.js";
import { createFindPolicy, type RetryOptions } from "../retry/retry-policy.js";
import { type Clock, systemClock } from "../time/clock.js";
import { type PollingOptions, type PollingPolicy, resolvePolling } from "./polling/polling-options.js";

/** Options of `createOperationsClient`. Each is checked when the client is made; an unknown one is a `TypeError`. */
export interface OperationsClientOptions {
  /** Where calls go: a transport of this library, of connect-node or connect-web, or `createRouterTransport`. */
  readonly transport: Transport;
  /** How failed calls are sent again; `false` sends each call once. @default {} (see RetryOptions) */
  readonly retry?: RetryOptions | false | undefined;
  /** How operations are polled, and for how long. @default {} (see PollingOptions) */
  readonly polling?: PollingOptions | undefined;
  /**
   * The time that a call may take, its retries included, in milliseconds; `Infinity` for no bound. Calls that start an
   * operation have 60 seconds unless this or a service config sets another time.
   * @default 10_000, as googleapis configures Operations
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Types that operations of this API may carry in `metadata`, `response` and error details. What is not known stays
   * readable as it came. @default none beyond the well-known types and google.rpc's error details
   */
  readonly registry?: Registry | undefined;
  /** Is told of calls, attempts, waits, polls and states as they happen. @default none */
  readonly observer?: Observer | undefined;
  /** Where time comes from, for tests. @default the system's clock */
  readonly clock?: Clock | undefined;
  /** Where the chance in delays comes from, for tests. @default `Math.random` */
  readonly random?: Random | undefined;
}

/** {@link OperationsClientOptions}, checked and complete. */
export interface ClientSettings {
  readonly transport: Transport;
  readonly findPolicy: FindPolicy;
  readonly polling: PollingPolicy;
  readonly timeoutMs: number;
  readonly startTimeoutMs: number;
  readonly registry: Registry | undefined;
  readonly topics: Topics;
  readonly beginCall: BeginCall;
  readonly clock: Clock;
  readonly random: Random;
}

const OWNER = "createOperationsClient";
const OPTION_KEYS = {
  transport: true,
  retry: true,
  polling: true,
  timeoutMs: true,
  registry: true,
  observer: true,
  clock: true,
  random: true,
} as const satisfies Record<keyof OperationsClientOptions, true>;
/** The time of a call where nothing sets another, in milliseconds: googleapis' own for Operations. */
export const CALL_TIMEOUT_MS = 10_000;
/** That of a call that starts an operation. */
export const START_TIMEOUT_MS = 60_000;

/** Checks the options of a client and puts the defaults in. */
export function resolveClientOptions(options: OperationsClientOptions): ClientSettings {
  rejectUnknownKeys(OWNER, options, OPTION_KEYS);
  const { transport, timeoutMs } = options;
  checkTransport(OWNER, transport);
  checkClock(OWNER, options.clock);
  checkFunction(`${OWNER}: random`, options.random);
  checkObserver(OWNER, options.observer);
  if (timeoutMs !== undefined)
    checkNumber(`${OWNER}: timeoutMs`, timeoutMs, { min: 1, max: Number.POSITIVE_INFINITY });
  const topics = createTopics(options.observer);
  return {
    transport,
    findPolicy: createFindPolicy(options.retry ?? {}, `${OWNER}: retry`),
    polling: resolvePolling(options.polling ?? {}, `${OWNER}: polling`),
    timeoutMs: timeoutMs ?? CALL_TIMEOUT_MS,
    startTimeoutMs: timeoutMs ?? START_TIMEOUT_MS,
    registry: registryOption(`${OWNER}: registry`, options.registry),
    topics,
    beginCall: createBeginCall(topics),
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
  };
}

/** Rejects what is not a transport: a program in JavaScript may pass a URL, or nothing. */
export function checkTransport(owner: string, transport: unknown): void {
  if (typeof (transport as Partial<Transport> | undefined)?.unary === "function") return;
  throw invalidOption(
    `${owner}: transport: invalid value (expected a Connect Transport, as from createRestTransport)`,
  );
}
