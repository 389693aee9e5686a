// SPDX-License-Identifier: Apache-2.0
import { create, type DescField, ScalarType } from "@bufbuild/protobuf";
import { type Any, anyPack, EmptySchema } from "@bufbuild/protobuf/wkt";
import { type Status, StatusSchema } from "../../../gen/google/rpc/status_pb.js";
import { invalidOption, rejectUnknownKeys } from "../../errors/options.js";
import { checkCode, checkMs, checkOneOf } from "../option-check.js";
import type { MetadataStep, OnCancel, OperationBehaviour, OperationScript } from "./script.js";

/** The `Operation.result` of a finished operation. */
export type Result =
  | { readonly case: "response"; readonly value: Any }
  | { readonly case: "error"; readonly value: Status }
  | { readonly case: undefined };

/** A field of the metadata that the emulator fills in. */
export interface FilledField {
  readonly number: number;
  readonly wire: "varint" | "float" | "double";
}

/**
 * A validated script with all defaults filled in: plain data that can be written to a file.
 */
export interface Behaviour {
  readonly durationMs: number;
  readonly onCancel: OnCancel;
  readonly cancelDelayMs: number;
  readonly vanishAfterMs: number;
  readonly result: Result;
  /** By time, the earliest first. */
  readonly steps: readonly MetadataStep[];
  readonly percent: FilledField | undefined;
  readonly cancelRequested: FilledField | undefined;
}

const ON_CANCEL: readonly OnCancel[] = ["cancels", "ignores", "completes", "vanishes", "unsupported"];

const OPTION_KEYS = {
  parent: true,
  id: true,
  durationMs: true,
  onCancel: true,
  cancelDelayMs: true,
  vanishAfterMs: true,
  response: true,
  error: true,
  metadata: true,
  percentField: true,
  cancelRequestedField: true,
} satisfies Record<keyof OperationScript, true>;

/** The default response. */
const EMPTY = anyPack(EmptySchema, create(EmptySchema));

/** Fills in a script's defaults. @throws TypeError that names an invalid or unknown option */
export function behaviourOf(script: OperationBehaviour): Behaviour {
  if ("name" in script) {
    throw invalidOption('operation: unknown option "name" (expected parent and id, which make up the name)');
  }
  rejectUnknownKeys("operation", script, OPTION_KEYS);
  const behaviour: Behaviour = {
    durationMs: checkMs("durationMs", script.durationMs ?? 10_000),
    onCancel: checkOneOf("onCancel", script.onCancel ?? "cancels", ON_CANCEL),
    cancelDelayMs: checkMs("cancelDelayMs", script.cancelDelayMs ?? 100),
    vanishAfterMs: checkMs("vanishAfterMs", script.vanishAfterMs ?? Number.POSITIVE_INFINITY),
    result: resultOf(script),
    steps: stepsOf(script.metadata),
    percent: script.percentField && filledField("percentField", script.percentField),
    cancelRequested:
      script.cancelRequestedField && filledField("cancelRequestedField", script.cancelRequestedField),
  };
  if (behaviour.steps.length === 0 && (behaviour.percent ?? behaviour.cancelRequested) !== undefined) {
    throw new TypeError("percentField and cancelRequestedField need metadata to fill in; none was given");
  }
  return behaviour;
}

function resultOf({ response, error }: OperationBehaviour): Result {
  if (error === undefined) {
    return response === "none" ? { case: undefined } : { case: "response", value: response ?? EMPTY };
  }
  if (response !== undefined)
    throw new TypeError("an operation ends with a response or an error; both were given");
  const status = create(StatusSchema, error);
  checkCode("error.code", status.code);
  return { case: "error", value: status };
}

function stepsOf(metadata: OperationBehaviour["metadata"]): readonly MetadataStep[] {
  if (metadata === undefined) return [];
  if (!isSteps(metadata)) return [{ afterMs: 0, metadata }];
  for (const [at, step] of metadata.entries()) checkMs(`metadata[${at}].afterMs`, step.afterMs);
  return metadata.toSorted((a, b) => a.afterMs - b.afterMs);
}

function isSteps(metadata: Any | readonly MetadataStep[]): metadata is readonly MetadataStep[] {
  return Array.isArray(metadata);
}

function filledField(option: string, field: DescField): FilledField {
  if (field.fieldKind === "scalar") {
    switch (field.scalar) {
      case ScalarType.FLOAT:
        return { number: field.number, wire: "float" };
      case ScalarType.DOUBLE:
        return { number: field.number, wire: "double" };
      case ScalarType.INT32:
      case ScalarType.INT64:
      case ScalarType.UINT32:
      case ScalarType.UINT64:
      case ScalarType.BOOL:
        return { number: field.number, wire: "varint" };
    }
  }
  throw new TypeError(
    `${option} is ${field.toString()}: expected a number or bool field (not sint or fixed)`,
  );
}
