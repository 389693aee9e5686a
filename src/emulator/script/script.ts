// SPDX-License-Identifier: Apache-2.0
import { create, createRegistry, type Registry } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import {
  file_google_ads_admanager_v1_report_service,
  RunReportMetadataSchema,
} from "../../../gen/google/ads/admanager/v1/report_service_pb.js";
import { typeNameOf } from "../../json/any-value.js";
import { standardRegistry } from "../../json/registry.js";
import type { Fault } from "../faults/fault.js";
import type { ReportScript } from "../operations/saved-reports.js";
import type { OperationBehaviour, OperationScript } from "../operations/script.js";
import { withFields } from "./metadata-fields.js";
import { parseReport } from "./report-script.js";
import {
  anyOf,
  codeOf,
  detailsOf,
  durationMsOf,
  type Entries,
  listOf,
  mappingOf,
  rejectTwice,
  rejectUnknownKeys,
  scriptError,
  statusOf,
  textOf,
} from "./script-value.js";

/** A parsed script: the initial state and behaviour of an emulator. */
export interface EmulatorScript {
  readonly operations: readonly OperationScript[];
  readonly faults: readonly Fault[];
  readonly reportRuns: OperationBehaviour | undefined;
  readonly reports: readonly ReportScript[];
  /** The behaviour of operations that methods start, by the methods' full names; parsed once the methods are known. */
  readonly methods: ReadonlyMap<string, unknown>;
}

/** How the value of a key is parsed, and the name of its option. */
type Reader = readonly [option: string, read: (value: unknown, where: string, registry: Registry) => unknown];

const asGiven = (value: unknown) => value;
const OPERATION_KEYS: Readonly<Record<string, Reader>> = {
  duration: ["durationMs", durationMsOf],
  "on-cancel": ["onCancel", asGiven],
  "cancel-delay": ["cancelDelayMs", durationMsOf],
  "vanish-after": ["vanishAfterMs", durationMsOf],
  response: ["response", (value, where, types) => (value === "none" ? value : anyOf(value, where, types))],
  error: ["error", statusOf],
  metadata: ["metadata", metadataOf],
  "percent-field": ["percentField", asGiven],
  "cancel-requested-field": ["cancelRequestedField", asGiven],
};
const NAME_KEYS: Readonly<Record<string, Reader>> = {
  name: ["name", asGiven],
  parent: ["parent", textOf],
  id: ["id", textOf],
};
const STEP_KEYS: Readonly<Record<string, Reader>> = {
  after: ["afterMs", durationMsOf],
  metadata: ["metadata", anyOf],
};
const FAULT_KEYS: Readonly<Record<string, Reader>> = {
  kind: ["kind", asGiven],
  method: ["method", asGiven],
  parent: ["parent", asGiven],
  session: ["session", asGiven],
  "every-nth": ["everyNth", asGiven],
  probability: ["probability", asGiven],
  times: ["times", asGiven],
  min: ["minMs", durationMsOf],
  max: ["maxMs", durationMsOf],
  code: ["code", codeOf],
  message: ["message", asGiven],
  "retry-delay": ["retryDelayMs", durationMsOf],
  details: ["details", faultDetailsOf],
  when: ["when", asGiven],
  status: ["status", asGiven],
  body: ["body", asGiven],
  "content-type": ["contentType", asGiven],
};
const AD_MANAGER_RUN = /^networks\/[^/]+\/operations\/reports\/runs\/[^/]+$/;

/** Every type that a script may hold: the standard ones, Ad Manager's report runs, and the given ones. */
export function scriptRegistry(more: Registry | undefined): Registry {
  const types = [standardRegistry(), file_google_ads_admanager_v1_report_service] as const;
  return more === undefined ? createRegistry(...types) : createRegistry(...types, more);
}

/**
 * Parses a script: a mapping with `operations`, `report-runs`, `reports`, `methods` and `faults`. Its keys are the options of
 * `startEmulator` in kebab-case, its durations are texts (`30s`), its messages ProtoJSON with `@type`.
 *
 * @throws TypeError with the location of an invalid value
 */
export function parseScript(content: unknown, registry: Registry): EmulatorScript {
  const entries = mappingOf(content ?? {}, "script");
  rejectUnknownKeys(entries, ["operations", "faults", "methods", "report-runs", "reports"], "script");
  const { faults, reports, "report-runs": runs } = entries;
  const operations = listOf(entries.operations ?? [], "operations").map((one, at) =>
    parseOperation(one, `operations[${at}]`, registry),
  );
  rejectTwice(operations.map(givenName), "operations");
  const methods = listOf(entries.methods ?? [], "methods").map(methodEntry);
  rejectTwice(
    methods.map(([selector]) => selector),
    "methods",
  );
  return {
    operations,
    faults: listOf(faults ?? [], "faults").map((one, at) => parseFault(one, `faults[${at}]`, registry)),
    reportRuns:
      runs === undefined || runs === null ? undefined : parseBehaviour(runs, "report-runs", registry),
    reports: listOf(reports ?? [], "reports").map((one, at) => parseReport(one, `reports[${at}]`)),
    methods: new Map(methods),
  };
}

/** The name that an operation will have, unless the emulator numbers it. */
function givenName({ parent = "operations", id }: OperationScript): string | undefined {
  return id === undefined ? undefined : `${parent}/${id}`;
}

/** Parses one operation: where it lives (`name`, or `parent` and `id`) and how it behaves. */
export function parseOperation(value: unknown, where: string, registry: Registry): OperationScript {
  const { name, ...script } = read(value, where, { ...NAME_KEYS, ...OPERATION_KEYS }, registry);
  if (name === undefined) return withFields(script, where, registry);
  if (typeof name !== "string" || name === "") throw scriptError(`${where}.name`, "expected a name");
  if ("parent" in script || "id" in script) {
    throw scriptError(where, "has a name, and a parent or an id (expected either)");
  }
  const slash = name.lastIndexOf("/");
  const isRun = AD_MANAGER_RUN.test(name) && script.metadata === undefined;
  return withFields(
    {
      ...script,
      ...(isRun && {
        metadata: anyPack(RunReportMetadataSchema, create(RunReportMetadataSchema)),
        percentField: "percent_complete",
      }),
      ...(slash > 0 && { parent: name.slice(0, slash) }),
      id: name.slice(slash + 1),
    },
    where,
    registry,
  );
}

/** Parses how an operation behaves, wherever it lives. */
export function parseBehaviour(value: unknown, where: string, registry: Registry): OperationBehaviour {
  return withFields(read(value, where, OPERATION_KEYS, registry), where, registry);
}

/** Parses one fault. Which keys go with which `kind` is checked where it is added. */
export function parseFault(value: unknown, where: string, registry: Registry): Fault {
  const fault: unknown = read(value, where, FAULT_KEYS, registry);
  return fault as Fault; // its kind and the types of its values are checked by `checkFault`
}

function methodEntry(value: unknown, at: number): [string, unknown] {
  const { method } = mappingOf(value, `methods[${at}]`);
  if (typeof method === "string") return [method, value];
  throw scriptError(`methods[${at}].method`, "expected the full name of a method");
}

function read(
  value: unknown,
  where: string,
  readers: Readonly<Record<string, Reader>>,
  registry: Registry,
): Record<string, unknown> {
  const entries: Entries = mappingOf(value, where);
  rejectUnknownKeys(entries, Object.keys(readers), where);
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, given]) => {
      const reader = readers[key];
      if (reader === undefined || given === null || given === undefined) return [];
      const [option, parse] = reader;
      return [[option, parse(given, `${where}.${key}`, registry)]];
    }),
  );
}

function metadataOf(value: unknown, where: string, registry: Registry): unknown {
  if (!Array.isArray(value)) return anyOf(value, where, registry);
  return value.map((step, at) => {
    const entries = read(step, `${where}[${at}]`, STEP_KEYS, registry);
    if (entries.metadata === undefined) throw scriptError(`${where}[${at}].metadata`, "expected a message");
    return { afterMs: 0, ...entries };
  });
}

function faultDetailsOf(value: unknown, where: string, registry: Registry) {
  return detailsOf(value, where, registry).map((any) => ({
    type: typeNameOf(any.typeUrl),
    value: any.value,
  }));
}
