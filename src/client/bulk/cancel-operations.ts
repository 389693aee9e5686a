// SPDX-License-Identifier: Apache-2.0
import type { AnySchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { type CallError, isCallError, toCallError } from "../../errors/call-error.js";
import { checkNumber, rejectUnknownKeys } from "../../errors/options.js";
import { selectorOf } from "../../names/method-name.js";
import { retryDelayOf } from "../../retry/retry-delay.js";
import { createHandle, type HandleContext } from "../handle.js";
import { checkName } from "../operation-calls.js";
import { WaitTimeoutError } from "../wait-timeout-error.js";
import type { CancelOperationsOptions, CancelReport } from "./cancel-report.js";
import { concurrently } from "./concurrently.js";
import type { NameSource } from "./name-source.js";
import { createThrottle, type Throttle } from "./throttle.js";

const OPTION_KEYS = {
  concurrency: true,
  wait: true,
  signal: true,
  timeoutMs: true,
  maxAttempts: true,
  onUnsupported: true,
  onNotFound: true,
  onDone: true,
} as const satisfies Record<keyof CancelOperationsOptions, true>;

/** The pauses that all names share after a RESOURCE_EXHAUSTED; a server's own wish outweighs them. */
const SLOW_DOWN = { initialMs: 1_000, multiplier: 2, maxMs: 60_000, jitter: 0.2 };

/** {@link CancelOperationsOptions}, checked and complete. */
interface BulkSettings extends CancelOperationsOptions {
  readonly concurrency: number;
  readonly maxAttempts: number;
}

/** Checks the options; they are used with the first report that is read. */
export function resolveBulkOptions(options: CancelOperationsOptions): BulkSettings {
  rejectUnknownKeys("cancelOperations", options, OPTION_KEYS);
  const { concurrency = 16, maxAttempts = 10 } = options;
  checkNumber("cancelOperations: concurrency", concurrency, { min: 1, max: 10_000, whole: true });
  checkNumber("cancelOperations: maxAttempts", maxAttempts, { min: 1, max: 1_000, whole: true });
  return { ...options, concurrency, maxAttempts };
}

/** Asks for many cancels; one report for each name, as it is known. A name that fails is reported, and stops no other. */
export async function* cancelOperations(
  context: HandleContext,
  source: NameSource,
  bulk: BulkSettings,
): AsyncGenerator<CancelReport, void> {
  const { clock, random } = context.settings;
  const { concurrency } = bulk;
  const throttle = createThrottle({ width: concurrency, backoff: SLOW_DOWN, clock, random });
  const task = (name: string, signal: AbortSignal) => reportOf(context, throttle, name, { ...bulk, signal });
  try {
    yield* concurrently(source.names, { concurrency, signal: bulk.signal, task });
    if (bulk.signal?.aborted !== true || !source.isComplete) return;
    for (let left = await source.names.next(); left.done !== true; left = await source.names.next()) {
      yield { name: left.value, state: "skipped" };
    }
  } finally {
    close(source.names);
  }
}

/** Tells a source that no more is read of it. What it says to that is of no interest: the reports are out. */
function close(names: NameSource["names"]): void {
  Promise.resolve()
    .then(() => names.return?.())
    .catch(() => undefined);
}

async function reportOf(
  context: HandleContext,
  throttle: Throttle,
  name: string,
  bulk: BulkSettings & { readonly signal: AbortSignal },
): Promise<CancelReport> {
  const { clock, polling } = context.settings;
  const maxMs = polling.maxRetryDelayMs;
  let refusal: CallError | undefined;
  for (let attempt = 1; ; attempt++) {
    const turn = await throttle.enter(bulk.signal).catch(() => undefined);
    if (turn === undefined) return givenUp(name, refusal);
    try {
      const report = await cancelOne(context, name, bulk);
      turn.accepted();
      return report;
    } catch (thrown) {
      const error = thrown instanceof WaitTimeoutError ? thrown : failureOf(thrown, name);
      const refusedBefore = refusal;
      refusal = refusalOf(error);
      if (refusal === undefined) turn.accepted();
      else turn.refused(retryDelayOf(refusal, { clock, maxMs }));
      if (bulk.signal.aborted && isCallError(error) && !error.requestSent)
        return givenUp(name, refusedBefore);
      if (refusal === undefined || attempt >= bulk.maxAttempts) return { name, state: "error", error };
    }
  }
}

/** The report of a name that the caller gave up before it was sent, or sent again after a refusal. */
function givenUp(name: string, refusal: CallError | undefined): CancelReport {
  return refusal === undefined ? { name, state: "skipped" } : { name, state: "error", error: refusal };
}

/** The error, when it is a server's "too many". */
function refusalOf(error: CallError | WaitTimeoutError): CallError | undefined {
  return !(error instanceof WaitTimeoutError) && error.code === Code.ResourceExhausted ? error : undefined;
}

async function cancelOne(context: HandleContext, name: string, bulk: BulkSettings): Promise<CancelReport> {
  const { signal, timeoutMs } = bulk;
  if (bulk.wait !== true) {
    await context.calls.cancel(name, { signal, timeoutMs });
    return { name, state: "requested" };
  }
  checkName(Operations.method.cancelOperation, name);
  const outcome = await createHandle<typeof AnySchema, typeof AnySchema>(context, name, {}).cancelAndWait(
    bulk,
  );
  return { name, state: outcome.state, outcome };
}

function failureOf(error: unknown, name: string) {
  return toCallError(error, { method: selectorOf(Operations.method.cancelOperation), operationName: name });
}
