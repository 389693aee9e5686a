// SPDX-License-Identifier: Apache-2.0
import { create, createRegistry, fromJson, type JsonValue } from "@bufbuild/protobuf";
import {
  type Any,
  AnySchema,
  anyPack,
  DurationSchema,
  EmptySchema,
  StructSchema,
  TimestampSchema,
} from "@bufbuild/protobuf/wkt";
import { Code } from "../../../gen/google/rpc/code_pb.js";
import { RunReportMetadataSchema, RunReportResponseSchema } from "../../admanager.js";
import type { EmulatorOptions, Fault, OperationScript } from "../../emulator.js";
import { parseDuration } from "../arguments/duration.js";
import { UsageError } from "../usage-error.js";

/** Types that a script may have in `metadata` and `response`. */
export const SCRIPT_TYPES = createRegistry(
  RunReportMetadataSchema,
  RunReportResponseSchema,
  EmptySchema,
  StructSchema,
  DurationSchema,
  TimestampSchema,
);

/** Keys that are durations, and what the emulator calls them. */
const DURATIONS: Readonly<Record<string, string>> = {
  duration: "durationMs",
  "cancel-delay": "cancelDelayMs",
  "vanish-after": "vanishAfterMs",
  "retry-delay": "retryDelayMs",
  min: "minMs",
  max: "maxMs",
  after: "afterMs",
};
const AD_MANAGER_RUN = /^networks\/[^/]+\/operations\/reports\/runs\/[^/]+$/;

/** What an emulator is to do from its start. */
export interface EmulatorScript extends Pick<EmulatorOptions, "faults" | "reportRuns"> {
  readonly operations: readonly OperationScript[];
}

type Entries = Record<string, unknown>;

/**
 * Reads a script: a mapping with `operations`, `report-runs` and `faults`, whose keys are the options of `startEmulator`
 * in kebab-case, with durations as `30s` and messages as ProtoJSON with `@type`.
 *
 * @throws UsageError that names what cannot be used; unknown keys further in are refused by the emulator itself
 */
export function parseScript(content: unknown, path: string): EmulatorScript {
  const { operations = [], faults = [], "report-runs": runs, ...rest } = mapping(content ?? {}, path);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    throw new UsageError(`${path}: unknown key "${unknown}"; expected operations, report-runs or faults`);
  }
  return {
    operations: list(operations, `${path}: operations`).map((one) =>
      operationScript(one, `${path}: operations`),
    ),
    faults: list(faults, `${path}: faults`).map((one) => faultOf(one, `${path}: faults`)),
    ...(runs !== undefined && { reportRuns: read(runs, `${path}: report-runs`) }),
  };
}

/** The script of an operation by its name; a run of an Ad Manager report has a run's metadata, with its progress. */
export function namedScript(name: string, rest: Entries = {}): OperationScript {
  const slash = name.lastIndexOf("/");
  const isRun = AD_MANAGER_RUN.test(name) && rest.metadata === undefined;
  return {
    ...rest,
    ...(isRun && {
      metadata: anyPack(RunReportMetadataSchema, create(RunReportMetadataSchema)),
      percentField: RunReportMetadataSchema.field.percentComplete,
    }),
    ...(slash > 0 && { parent: name.slice(0, slash) }),
    id: name.slice(slash + 1),
  };
}

function operationScript(value: unknown, where: string): OperationScript {
  const { name, ...rest } = read(value, where);
  if (name === undefined) return rest;
  if (typeof name !== "string" || name === "") throw new UsageError(`${where}: name: expected a name`);
  return namedScript(name, rest);
}

function faultOf(value: unknown, where: string): Fault {
  const fault: unknown = read(value, where);
  return fault as Fault; // The emulator checks each option of it, and refuses by name.
}

/** An entry with the emulator's own names and values in place of the file's. */
function read(value: unknown, where: string): Entries {
  return Object.fromEntries(
    Object.entries(mapping(value, where)).map(([key, given]) => {
      const option = DURATIONS[key];
      if (option !== undefined) return [option, durationOf(given, `${where}: ${key}`)];
      const camel = key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return [camel, readValue(camel, given, `${where}: ${key}`)];
    }),
  );
}

function readValue(key: string, given: unknown, where: string): unknown {
  if (key === "code") return codeOf(given, where);
  if (key === "error") return read(given, where);
  if (key === "response" && given === "none") return given;
  if (key === "metadata" && Array.isArray(given)) return given.map((step) => read(step, where));
  if (key === "response" || key === "metadata") return anyOf(given, where);
  return given;
}

function durationOf(given: unknown, where: string): number {
  const ms = given === "never" ? Number.POSITIVE_INFINITY : parseDuration(String(given));
  if (ms === undefined) throw new UsageError(`${where}: expected a duration such as 30s, or never`);
  return ms;
}

function codeOf(given: unknown, where: string): number {
  const code = typeof given === "string" ? Object.entries(Code).find(([name]) => name === given)?.[1] : given;
  if (typeof code !== "number") throw new UsageError(`${where}: expected a code such as NOT_FOUND`);
  return code;
}

function anyOf(given: unknown, where: string): Any {
  try {
    return fromJson(AnySchema, given as JsonValue, { registry: SCRIPT_TYPES }); // Refused when it is no JSON value.
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${where}: ${problem}; google.protobuf.Struct takes anything`, { cause });
  }
}

function mapping(value: unknown, where: string): Entries {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new UsageError(`${where}: expected a mapping`);
}

function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new UsageError(`${where}: expected a list`);
}
