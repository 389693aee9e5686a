// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { type Operation, OperationSchema } from "../../../gen/google/longrunning/operations_pb.js";
import { StatusSchema } from "../../../gen/google/rpc/status_pb.js";
import type { Behaviour, Result } from "./behaviour.js";
import { metadataAt } from "./metadata.js";

/**
 * What happened to an operation, as facts with their times. Nothing in it changes by itself: the state at any
 * moment is derived, so no timer has to fire for an operation to end.
 */
export interface OperationRecord {
  readonly name: string;
  /** The order of creation; no two operations of a store share one. */
  readonly sequence: number;
  readonly behaviour: Behaviour;
  readonly startedMs: number;
  /** When the first cancel was accepted. */
  readonly cancelRequestedMs: number | undefined;
  /** An end that the test's own code gave it. */
  readonly finished: { readonly atMs: number; readonly result: Result } | undefined;
  /** When a client deleted it: no call sees it any more, while it runs on. */
  readonly deletedMs: number | undefined;
  /** What the test's own code says of its progress. */
  readonly progress: GivenProgress | undefined;
}

/** Progress that replaces what follows from the time. */
export interface GivenProgress {
  /** 0 to 100. */
  readonly percent?: number | undefined;
  readonly metadata?: Any | undefined;
}

/** How and when the operation stops running; `atMs` may be `Infinity`. */
export interface Ending {
  readonly atMs: number;
  readonly result: Result;
}

/** The end that Google's servers give a cancelled operation. */
const CANCELLED: Result = {
  case: "error",
  value: create(StatusSchema, { code: Code.Canceled, message: "The operation was cancelled." }),
};

/** The end that the record leads to, if nothing more happens to it. */
export function endingOf(record: OperationRecord): Ending {
  const { behaviour, cancelRequestedMs, finished } = record;
  const natural: Ending = { atMs: record.startedMs + behaviour.durationMs, result: behaviour.result };
  const ending = earlier(
    natural,
    cancelRequestedMs === undefined ? undefined : cancelEnding(behaviour, cancelRequestedMs),
  );
  return earlier(ending, finished);
}

function cancelEnding(behaviour: Behaviour, requestedMs: number): Ending | undefined {
  const atMs = requestedMs + behaviour.cancelDelayMs;
  if (behaviour.onCancel === "cancels") return { atMs, result: CANCELLED };
  if (behaviour.onCancel === "completes") return { atMs, result: behaviour.result };
  return undefined;
}

/** Whichever comes first; the first one on a tie, so that a cancel never overtakes an end. */
function earlier(first: Ending, second: Ending | undefined): Ending {
  return second !== undefined && second.atMs < first.atMs ? second : first;
}

/** When the server stops knowing the operation: deleted, or vanished by its script. */
export function goneMs(record: OperationRecord): number {
  const { behaviour, cancelRequestedMs, deletedMs, startedMs } = record;
  const cancelled = behaviour.onCancel === "vanishes" && cancelRequestedMs !== undefined;
  return Math.min(
    deletedMs ?? Number.POSITIVE_INFINITY,
    startedMs + behaviour.vanishAfterMs,
    cancelled ? cancelRequestedMs + behaviour.cancelDelayMs : Number.POSITIVE_INFINITY,
  );
}

/** The operation as it is at `nowMs`. */
export function operationAt(record: OperationRecord, nowMs: number): Operation {
  const ending = endingOf(record);
  const done = ending.atMs <= nowMs;
  const elapsedMs = Math.max(0, Math.min(nowMs, ending.atMs) - record.startedMs);
  const metadata = metadataAt(record.behaviour, {
    elapsedMs,
    percent: percentAt(record, elapsedMs, done ? ending.result : undefined),
    metadata: record.progress?.metadata,
    cancelRequested: record.cancelRequestedMs !== undefined,
  });
  return create(OperationSchema, {
    name: record.name,
    done,
    ...(metadata && { metadata }),
    ...(done && { result: ending.result }),
  });
}

/**
 * 100 only for an operation that ended as it was meant to; the others stop where they were, at 99 at most.
 */
function percentAt(record: OperationRecord, elapsedMs: number, result: Result | undefined): number {
  if (result !== undefined && result.case !== "error") return 100;
  if (record.progress?.percent !== undefined) return record.progress.percent;
  const { durationMs } = record.behaviour;
  return durationMs === 0 ? 0 : Math.min(99, Math.floor((100 * elapsedMs) / durationMs));
}
