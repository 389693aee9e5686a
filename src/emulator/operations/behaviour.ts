// SPDX-License-Identifier: Apache-2.0
import { create, type DescField, ScalarType } from "@bufbuild/protobuf";
import { type Any, anyPack, EmptySchema } from "@bufbuild/protobuf/wkt";
import type { Status } from "../../../gen/google/rpc/status_pb.js";
import { checkObject, invalidOption, invalidValue, rejectUnknownKeys } from "../../errors/options.js";
import { checkAny, checkMs, checkOneOf, checkText, statusOption } from "../option-check.js";
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

const BEHAVIOUR_KEYS = {
  durationMs: true,
  onCancel: true,
  cancelDelayMs: true,
  vanishAfterMs: true,
  response: true,
  error: true,
  metadata: true,
  percentField: true,
  cancelRequestedField: true,
} as const satisfies Record<keyof OperationBehaviour, true>;

const OPTION_KEYS = { ...BEHAVIOUR_KEYS, parent: true, id: true } satisfies Record<
  keyof OperationScript,
  true
>;

const STEP_KEYS = { afterMs: true, metadata: true } as const satisfies Record<keyof MetadataStep, true>;

/** The default response. */
const EMPTY = anyPack(EmptySchema, create(EmptySchema));

/** Fills in a script's defaults. @throws TypeError that names an invalid or unknown option */
export function behaviourOf(script: OperationScript): Behaviour {
  checkObject("operation: options", script);
  if ("name" in script) {
    throw invalidOption('operation: unknown option "name" (expected parent and id, which make up the name)');
  }
  rejectUnknownKeys("operation", script, OPTION_KEYS);
  const { parent, id } = script;
  if (parent !== undefined) checkText("parent", parent);
  if (id !== undefined) checkText("id", id);
  if (id?.includes("/")) throw invalidValue("id", id, "the last segment of a name; parent has the others");
  return resolved(script, "");
}

/**
 * Checks how all operations of a kind behave, before there is one.
 *
 * @param option - the option that has it, for errors
 * @param withDefaults - adds what is used where it has nothing of its own
 * @throws TypeError that names an invalid or unknown option
 */
export function checkBehaviour(
  option: string,
  behaviour: OperationBehaviour,
  withDefaults: (behaviour: OperationBehaviour) => OperationBehaviour,
): void {
  rejectUnknownKeys(option, behaviour, BEHAVIOUR_KEYS);
  resolved(withDefaults(behaviour), `${option}.`);
}

/** @param at - what is before the name of an option in an error */
function resolved(script: OperationBehaviour, at: string): Behaviour {
  const { percentField, cancelRequestedField } = script;
  const behaviour: Behaviour = {
    durationMs: checkMs(`${at}durationMs`, script.durationMs ?? 10_000),
    onCancel: checkOneOf(`${at}onCancel`, script.onCancel ?? "cancels", ON_CANCEL),
    cancelDelayMs: checkMs(`${at}cancelDelayMs`, script.cancelDelayMs ?? 100),
    vanishAfterMs: checkMs(`${at}vanishAfterMs`, script.vanishAfterMs ?? Number.POSITIVE_INFINITY),
    result: resultOf(script, at),
    steps: stepsOf(`${at}metadata`, script.metadata),
    percent: filledField(`${at}percentField`, percentField),
    cancelRequested: filledField(`${at}cancelRequestedField`, cancelRequestedField),
  };
  if (behaviour.steps.length === 0 && (behaviour.percent ?? behaviour.cancelRequested) !== undefined) {
    throw new TypeError(
      `${at}percentField and cancelRequestedField need metadata to fill in; none was given`,
    );
  }
  return behaviour;
}

function resultOf({ response, error }: OperationBehaviour, at: string): Result {
  if (error !== undefined) {
    if (response === undefined) return { case: "error", value: statusOption(`${at}error`, error) };
    throw new TypeError(`${at}error: an operation ends with a response or an error; both were given`);
  }
  if (response === "none") return { case: undefined };
  if (response !== undefined) checkAny(`${at}response`, response);
  return { case: "response", value: response ?? EMPTY };
}

function stepsOf(option: string, metadata: OperationBehaviour["metadata"]): readonly MetadataStep[] {
  if (metadata === undefined) return [];
  if (!isSteps(metadata)) {
    checkAny(option, metadata);
    return [{ afterMs: 0, metadata }];
  }
  for (const [at, step] of metadata.entries()) {
    rejectUnknownKeys(`${option}[${at}]`, step, STEP_KEYS);
    checkMs(`${option}[${at}].afterMs`, step.afterMs);
    checkAny(`${option}[${at}].metadata`, step.metadata);
  }
  return metadata.toSorted((a, b) => a.afterMs - b.afterMs);
}

function isSteps(metadata: Any | readonly MetadataStep[]): metadata is readonly MetadataStep[] {
  return Array.isArray(metadata);
}

function filledField(option: string, field: DescField | undefined): FilledField | undefined {
  if (field === undefined) return undefined;
  if (field?.kind !== "field") throw invalidValue(option, field, "the descriptor of a field");
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
