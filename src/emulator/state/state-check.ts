// SPDX-License-Identifier: Apache-2.0
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { nameProblem } from "../../names/operation-name.js";
import type { OnCancel } from "../operations/script.js";
import type { OperationRecord } from "../operations/timeline.js";

const ON_CANCEL = {
  cancels: true,
  ignores: true,
  completes: true,
  vanishes: true,
  unsupported: true,
} satisfies Record<OnCancel, true>;

const WIRES: readonly unknown[] = ["varint", "float", "double"];

type Fields = Readonly<Record<string, unknown>>;

/** Whether numbers are those of a store. */
export function isHead({ nextSequence, nextId, atMs }: Fields): boolean {
  return isCount(nextSequence) && isCount(nextId) && isMs(atMs);
}

/**
 * Whether a parsed line is an operation in every part. A file may have been edited, damaged or written by another program;
 * found later, that would fail each call about the operation.
 */
export function isRecord(line: Fields): line is OperationRecord & Fields {
  const { name, sequence, behaviour, startedMs, cancelRequestedMs, finished, deletedMs, progress } = line;
  return (
    typeof name === "string" &&
    nameProblem(name) === undefined &&
    isCount(sequence) &&
    isMs(startedMs) &&
    isBehaviour(behaviour) &&
    isAbsentOr(isMs, cancelRequestedMs) &&
    isAbsentOr(isMs, deletedMs) &&
    isAbsentOr(isEnd, finished) &&
    isAbsentOr(isProgress, progress)
  );
}

/** Whether a value is a google.protobuf.Any. */
export function isAny(value: unknown): value is Any {
  return isObject(value) && value.$typeName === AnySchema.typeName;
}

function isBehaviour(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { durationMs, cancelDelayMs, vanishAfterMs, onCancel, result, steps, percent, cancelRequested } =
    value;
  return (
    isMs(durationMs) &&
    isMs(cancelDelayMs) &&
    isMs(vanishAfterMs) &&
    typeof onCancel === "string" &&
    Object.hasOwn(ON_CANCEL, onCancel) &&
    isResult(result) &&
    Array.isArray(steps) &&
    steps.every((step: unknown) => isObject(step) && isMs(step.afterMs) && isAny(step.metadata)) &&
    isAbsentOr(isFilledField, percent) &&
    isAbsentOr(isFilledField, cancelRequested)
  );
}

/** An error was read from its bytes already, so that its value is a google.rpc.Status. */
function isResult(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (value.case === "response") return isAny(value.value);
  return value.case === undefined || (value.case === "error" && isObject(value.value));
}

function isEnd(value: unknown): boolean {
  return isObject(value) && isMs(value.atMs) && isResult(value.result);
}

function isProgress(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { percent, metadata } = value;
  const isPercent = (one: unknown) => isCount(one) && one <= 100;
  return isAbsentOr(isPercent, percent) && isAbsentOr(isAny, metadata);
}

function isFilledField(value: unknown): boolean {
  return isObject(value) && isCount(value.number) && value.number > 0 && WIRES.includes(value.wire);
}

function isAbsentOr(is: (value: unknown) => boolean, value: unknown): boolean {
  return value === undefined || is(value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Milliseconds; of a duration, `Infinity` too. */
function isMs(value: unknown): value is number {
  return typeof value === "number" && value >= 0;
}
