// SPDX-License-Identifier: Apache-2.0

import { create } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { type Operation, OperationSchema } from "../../../gen/google/longrunning/operations_pb.js";
import { StatusSchema } from "../../../gen/google/rpc/status_pb.js";
import type { Behaviour, FilledField, Result } from "./behaviour.js";

/**
 * The events of an operation with their times. Nothing in it changes over time: the state at any moment is derived from
 * it, so no timer has to fire for an operation to end.
 */
export interface OperationRecord {
  readonly name: string;
  /** Sequence number of its creation, unique within a store. */
  readonly sequence: number;
  readonly behaviour: Behaviour;
  readonly startedMs: number;
  /** When the first cancel was accepted. */
  readonly cancelRequestedMs: number | undefined;
  /** An end set by the test. */
  readonly finished: { readonly atMs: number; readonly result: Result } | undefined;
  /** When a client deleted it: calls no longer see it, but it continues to run. */
  readonly deletedMs: number | undefined;
  /** Progress set by the test. */
  readonly progress: GivenProgress | undefined;
}

/** Progress that overrides the one derived from the time. */
export interface GivenProgress {
  /** A whole number, 0 to 100. */
  readonly percent?: number | undefined;
  readonly metadata?: Any | undefined;
}

/** How and when the operation stops running; `atMs` may be `Infinity`. */
export interface Ending {
  readonly atMs: number;
  readonly result: Result;
}

/** The status of a cancelled operation on Google's servers. */
const CANCELLED: Result = {
  case: "error",
  value: create(StatusSchema, { code: Code.Canceled, message: "The operation was cancelled." }),
};

/** The end that follows from the record if nothing more happens. */
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

/** The earlier one; the first argument on a tie, so that a cancel never overtakes an end. */
function earlier(first: Ending, second: Ending | undefined): Ending {
  return second !== undefined && second.atMs < first.atMs ? second : first;
}

/** When the operation becomes unknown to the server: deleted, or vanished by its script. */
export function goneMs(record: OperationRecord): number {
  const { behaviour, cancelRequestedMs, deletedMs, startedMs } = record;
  const cancelled = behaviour.onCancel === "vanishes" && cancelRequestedMs !== undefined;
  return Math.min(
    deletedMs ?? Number.POSITIVE_INFINITY,
    startedMs + behaviour.vanishAfterMs,
    cancelled ? cancelRequestedMs + behaviour.cancelDelayMs : Number.POSITIVE_INFINITY,
  );
}

/** The operation at `nowMs`. */
export function operationAt(record: OperationRecord, nowMs: number): Operation {
  const { ending, done, elapsedMs, percent } = progressAt(record, nowMs);
  const metadata = metadataAt(record.behaviour, {
    elapsedMs,
    percent,
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

/** The state of an operation at one time. */
interface Standing {
  readonly ending: Ending;
  readonly done: boolean;
  readonly elapsedMs: number;
  readonly percent: number;
}

/** The progress of the operation at `nowMs`: `percent` is an integer from 0 to 100. */
export function progressAt(record: OperationRecord, nowMs: number): Standing {
  const ending = endingOf(record);
  const done = ending.atMs <= nowMs;
  const elapsedMs = Math.max(0, Math.min(nowMs, ending.atMs) - record.startedMs);
  return { ending, done, elapsedMs, percent: percentAt(record, elapsedMs, done ? ending.result : undefined) };
}

/**
 * 100 only for an operation that succeeded; the others stop where they were, at 99 at most.
 */
function percentAt(record: OperationRecord, elapsedMs: number, result: Result | undefined): number {
  if (result !== undefined && result.case !== "error") return 100;
  if (record.progress?.percent !== undefined) return record.progress.percent;
  const { durationMs } = record.behaviour;
  return durationMs === 0 ? 0 : Math.min(99, Math.floor((100 * elapsedMs) / durationMs));
}

/** Where an operation stands. */
interface Progress {
  /** Milliseconds since the start, up to the end. */
  readonly elapsedMs: number;
  /** 0 to 100, whole. */
  readonly percent: number;
  readonly cancelRequested: boolean;
  /** Metadata that replaces the script's. */
  readonly metadata: Any | undefined;
}

/**
 * `Operation.metadata` at a given time: the step that applies, with the progress filled in.
 *
 * Filling in needs no schema: concatenating two encodings of a message merges them, and the last value of a
 * field wins (protobuf encoding guide, "Last One Wins").
 */
function metadataAt(behaviour: Behaviour, progress: Progress): Any | undefined {
  const step = behaviour.steps.findLast((candidate) => candidate.afterMs <= progress.elapsedMs);
  const metadata = progress.metadata ?? step?.metadata;
  if (metadata === undefined) return undefined;
  const { percent, cancelRequested } = behaviour;
  const filled: [FilledField, number][] = [];
  if (percent !== undefined && progress.percent > 0) filled.push([percent, progress.percent]);
  if (cancelRequested !== undefined && progress.cancelRequested) filled.push([cancelRequested, 1]);
  if (filled.length === 0) return metadata;

  const writer = new BinaryWriter().raw(metadata.value);
  for (const [field, value] of filled) write(writer, field, value);
  return create(AnySchema, { typeUrl: metadata.typeUrl, value: writer.finish() });
}

function write(writer: BinaryWriter, field: FilledField, value: number): void {
  switch (field.wire) {
    case "varint":
      writer.tag(field.number, WireType.Varint).int32(value);
      break;
    case "float":
      writer.tag(field.number, WireType.Bit32).float(value);
      break;
    case "double":
      writer.tag(field.number, WireType.Bit64).double(value);
      break;
  }
}
