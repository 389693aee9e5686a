// SPDX-License-Identifier: Apache-2.0

import type { AnySchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { CallError, toCallError } from "../../errors/call-error.js";
import { isCallError } from "../../errors/is-call-error.js";
import { isOneOf } from "../../errors/rate-limit.js";
import { selectorOf } from "../../names/method-name.js";
import { retryDelayOf } from "../../retry/retry-delay.js";
import type { Clock } from "../../time/clock.js";
import { withTimeLimit } from "../../time/time-limit.js";
import { CANCEL_CHECKS, type CancelAndWaitOptions } from "../cancel-and-wait.js";
import { createHandle } from "../handle.js";
import { checkOperationName } from "../operation-calls.js";
import type { HandleContext } from "../operation-loop.js";
import { type Checks, checkBoolean, checkOptions, checkSomeNumber } from "../option-checks.js";
import { WAIT_CHECKS } from "../polling/wait-limits.js";
import type { Outcome } from "../snapshot.js";
import { WaitTimeoutError } from "../wait-timeout-error.js";
import type { NameSource } from "./name-source.js";
import { nameInError, reportsOf } from "./reports.js";
import { createThrottle, type Permit, type Throttle } from "./throttle.js";

/** What became of one name in `cancelOperations`. */
export type CancelReport = {
  /** The name, as it was given. */
  readonly name: string;
} & (
  | {
      /** The server accepted the request; nothing more is known. */
      readonly state: "requested";
    }
  | {
      /** With `wait`: how the operation ended. */
      readonly state: "cancelled" | "succeeded" | "failed";
      /** How the operation ended, as `wait()` gives it. */
      readonly outcome: Outcome;
    }
  | {
      /** The request failed, or with `wait` the polling. */
      readonly state: "error";
      /** A `WaitTimeoutError` only with `wait`: the time was up, and the operation goes on. */
      readonly error: CallError | WaitTimeoutError;
    }
  | {
      /** The caller aborted before anything was sent for this name. */
      readonly state: "skipped";
    }
);

/** Options of `cancelOperations`. */
export interface CancelOperationsOptions
  extends Pick<CancelAndWaitOptions, "onUnsupported" | "onNotFound" | "onDone" | "onTransientError"> {
  /** How many names are worked on at one time, unread reports included. @default 16 */
  readonly concurrency?: number | undefined;
  /** Waits for each operation to end, and reports how, instead of reporting the request. @default false */
  readonly wait?: boolean | undefined;
  /**
   * Stops it all: requests under way are given up, and the names that were not tried are reported as such as far as they
   * are known: those of an array, a Set or a Map, and those already read from anything else.
   * @default none
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time for each name, in milliseconds, pauses that the server asks for included.
   * @default the client's for each call, however long the pauses between calls; with `wait`, its polling's
   */
  readonly timeoutMs?: number | undefined;
  /** How often a name is sent when the server returns RESOURCE_EXHAUSTED. @default 10 */
  readonly maxAttempts?: number | undefined;
}

/** The pauses that all names share after a RESOURCE_EXHAUSTED; a server's own wish outweighs them. */
const SLOW_DOWN = { initialMs: 1_000, multiplier: 2, maxMs: 60_000, jitter: 0.2 };

/** {@link CancelOperationsOptions}, checked and complete. */
interface BulkSettings extends CancelOperationsOptions {
  readonly concurrency: number;
  readonly maxAttempts: number;
}

/** Checks the options; they are used with the first report that is read. */
export function resolveBulkOptions(options: CancelOperationsOptions): BulkSettings {
  checkOptions("cancelOperations", options, {
    ...WAIT_CHECKS,
    ...CANCEL_CHECKS,
    timeoutMs: checkSomeNumber,
    concurrency: { min: 1, max: 10_000, whole: true },
    wait: checkBoolean,
    maxAttempts: { min: 1, max: 1_000, whole: true },
  } satisfies Checks<CancelOperationsOptions>);
  const { concurrency = 16, maxAttempts = 10 } = options;
  return { ...options, concurrency, maxAttempts };
}

/** Requests many cancels; one report for each name, as it is known. A name that fails is reported, and stops no other. */
export function cancelOperations(
  context: HandleContext,
  source: NameSource,
  bulk: BulkSettings,
): AsyncGenerator<CancelReport, void> {
  const { clock, random } = context.settings;
  const { concurrency } = bulk;
  const throttle = createThrottle({ maxConcurrency: concurrency, backoff: SLOW_DOWN, clock, random });
  const task = (name: string, signal: AbortSignal) => reportOf(context, throttle, name, { ...bulk, signal });
  return reportsOf<CancelReport>(source, { concurrency, signal: bulk.signal, task });
}

async function reportOf(
  context: HandleContext,
  throttle: Throttle,
  name: string,
  bulk: BulkSettings & { readonly signal: AbortSignal },
): Promise<CancelReport> {
  const { clock, polling } = context.settings;
  const maxMs = polling.maxRetryDelayMs;
  const deadlineMs = clock.now() + (bulk.timeoutMs ?? Number.POSITIVE_INFINITY);
  let rejected: CallError | undefined;
  for (let attempt = 1; ; attempt++) {
    const permit = await enterInTime(throttle, { name, clock, deadlineMs, signal: bulk.signal });
    if (permit === undefined) return givenUp(name, rejected);
    if (isCallError(permit)) return { name, state: "error", error: rejected ?? permit };
    try {
      const timeoutMs = bulk.timeoutMs === undefined ? undefined : deadlineMs - clock.now();
      const report = await cancelOne(context, name, { ...bulk, timeoutMs });
      permit.accepted();
      return report;
    } catch (thrown) {
      const error = thrown instanceof WaitTimeoutError ? thrown : callErrorOf(thrown, name);
      const rejectedBefore = rejected;
      rejected = tooManyOf(error);
      if (rejected === undefined) permit.accepted();
      else permit.rejected(retryDelayOf(rejected, { clock, maxMs }));
      if (bulk.signal.aborted && isCallError(error) && !error.requestSent)
        return givenUp(name, rejectedBefore);
      if (rejected === undefined || attempt >= bulk.maxAttempts) return { name, state: "error", error };
    }
  }
}

/** A permit of the throttle; undefined after an abort, an error when the time of this name was up before. */
async function enterInTime(
  throttle: Throttle,
  {
    name,
    clock,
    deadlineMs,
    signal,
  }: { name: string; clock: Clock; deadlineMs: number; signal: AbortSignal },
): Promise<Permit | CallError | undefined> {
  const timeoutError = () =>
    new CallError({
      code: Code.DeadlineExceeded,
      message: "nothing was sent: the time was up before the server took more requests",
      method: selectorOf(Operations.method.cancelOperation),
      operationName: nameInError(name),
      requestSent: false,
    });
  const limit = { clock, timeoutMs: deadlineMs - clock.now(), signal, timeoutError };
  try {
    return await withTimeLimit(limit, (ended = signal) => throttle.enter(ended));
  } catch (error) {
    return isCallError(error) ? error : undefined; // Aborted: the caller's reason, whatever it is.
  }
}

/** The report of a name whose turn had not come when the caller aborted: never sent, or to be sent again after a rejection. */
function givenUp(name: string, rejected: CallError | undefined): CancelReport {
  return rejected === undefined ? { name, state: "skipped" } : { name, state: "error", error: rejected };
}

/** The error, when it is a server's "too many". */
function tooManyOf(error: CallError | WaitTimeoutError): CallError | undefined {
  return !(error instanceof WaitTimeoutError) && isOneOf(error, [Code.ResourceExhausted]) ? error : undefined;
}

async function cancelOne(context: HandleContext, name: string, bulk: BulkSettings): Promise<CancelReport> {
  const { wait, signal, timeoutMs, concurrency: _, maxAttempts: __, ...choices } = bulk;
  if (wait !== true) {
    await context.calls.cancel(name, { signal, timeoutMs });
    return { name, state: "requested" };
  }
  checkOperationName(Operations.method.cancelOperation, name);
  const handle = createHandle<typeof AnySchema, typeof AnySchema>(context, name, {});
  const outcome = await handle.cancelAndWait({ ...choices, signal, timeoutMs });
  return { name, state: outcome.state, outcome };
}

function callErrorOf(error: unknown, name: string) {
  return toCallError(error, {
    method: selectorOf(Operations.method.cancelOperation),
    operationName: nameInError(name),
  });
}
