// SPDX-License-Identifier: Apache-2.0
import { create, type JsonObject, type JsonValue, type Registry } from "@bufbuild/protobuf";
import { anyPack, EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import type { AdvancingClock } from "../advancing-clock.js";
import type { EmulatorOperations } from "../emulator-operations.js";
import type { Fault } from "../faults/fault.js";
import type { Faults } from "../faults/faults.js";
import type { Store } from "../operations/store.js";
import type { CallRecord, RecordedCall } from "../record.js";
import { isBelow, resourceOf, type Scope, SESSION_HEADER } from "../scope.js";
import { parseFault, parseOperation } from "../script/script.js";
import {
  anyOf,
  durationMsOf,
  mappingOf,
  rejectUnknownKeys,
  scriptError,
  statusOf,
} from "../script/script-value.js";
import { callToJson, MAX_TIME_MS, operationToJson, timeToJson } from "./control-json.js";
import { type LiveSink, watchLive } from "./live.js";
import { createSessions } from "./sessions.js";

/** The parts of an emulator that the control API acts on. */
export interface ControlOptions {
  readonly store: Store;
  readonly operations: EmulatorOperations;
  readonly faults: Faults;
  readonly record: CallRecord;
  readonly clock: AdvancingClock;
  registry(): Registry;
}

/** The methods of the control API: JSON in and out, without HTTP. */
export interface Control {
  startOperation(body: unknown): Promise<JsonObject>;
  listOperations(scope: Scope): JsonObject;
  getOperation(name: string): JsonObject;
  finishOperation(name: string, body: unknown): Promise<JsonObject>;
  failOperation(name: string, body: unknown): Promise<JsonObject>;
  setProgress(name: string, body: unknown): Promise<JsonObject>;
  cancelOperation(name: string): Promise<JsonObject>;
  removeOperation(name: string): Promise<JsonObject>;
  addFault(body: unknown): JsonObject;
  listFaults(scope: Scope): JsonObject;
  removeFaults(scope: Scope): JsonObject;
  removeFault(id: string): JsonObject;
  /** The calls after a sequence number, the oldest first. */
  calls(since: number, scope: Scope): readonly JsonObject[];
  /** Calls `listener` for each call that ends, until the function that it returns is called. */
  watchCalls(scope: Scope, listener: (sequence: number, call: JsonObject) => void): () => void;
  /** Sends the state that a page shows, then its changes, until the returned function is called. */
  watch(sink: LiveSink): () => void;
  advanceClock(body: unknown): JsonObject;
  time(): JsonObject;
  reset(body: unknown): Promise<JsonObject>;
}

/** Maximum number of operations in a list; a page can show no more. */
const MAX_LISTED = 1_000;

/** A fault added through the control API. */
interface AddedFault {
  readonly fault: Fault;
  /** As received. */
  readonly json: JsonValue;
  remove(): void;
}

/** Creates the control of an emulator. Its functions throw `TypeError` for a bad body and ConnectError for the rest. */
export function createControl(options: ControlOptions): Control {
  const { store, operations, faults, record, clock, registry } = options;
  const added = new Map<string, AddedFault>();
  const sessions = createSessions(store);
  let nextFault = 1;

  const isIn = ({ parent, session }: Scope, name: string) =>
    isBelow(name, parent) && (session === undefined || sessions.has(name, session));
  const callIsIn = ({ parent, session }: Scope, call: RecordedCall) =>
    (session === undefined || call.headers[SESSION_HEADER] === session) &&
    (parent === undefined || isBelow(resourceOf(call.message), parent));
  const faultsIn = ({ parent, session }: Scope) =>
    [...added].filter(
      ([, { fault }]) =>
        (parent === undefined || (fault.parent !== undefined && isBelow(fault.parent, parent))) &&
        (session === undefined || fault.session === session),
    );
  const faultList = (scope: Scope) => faultsIn(scope).map(([id, { json }]) => ({ id, fault: json }));
  const known = (name: string) => {
    const view = operations.find(name);
    if (view !== undefined) return view;
    throw new ConnectError(`operation "${name.slice(0, 200)}" does not exist`, Code.NotFound);
  };
  const getOperation = (name: string) => operationToJson(known(name), registry());
  const changed = async (name: string) => {
    await operations.saved();
    return getOperation(name);
  };
  const now = () => ({ time: timeToJson(clock.now()) });

  return {
    startOperation: async (body) => {
      const { session: given, ...script } = mappingOf(body, "body");
      const session = given === undefined ? undefined : textOf(given, "body.session");
      const name = operations.start(parseOperation(script, "body", registry()));
      if (session !== undefined) sessions.add(name, session);
      return changed(name);
    },
    getOperation,
    listOperations: (scope) => {
      const names = store.names().filter((name) => isIn(scope, name));
      const shown = names.slice(-MAX_LISTED).reverse();
      return { operations: shown.map(getOperation), totalSize: names.length };
    },
    finishOperation: async (name, body) => {
      const entries = mappingOf(body, "body");
      rejectUnknownKeys(entries, ["response"], "body");
      const response =
        entries.response === undefined
          ? anyPack(EmptySchema, create(EmptySchema))
          : anyOf(entries.response, "body.response", registry());
      operations.finish(name, { response });
      return changed(name);
    },
    failOperation: async (name, body) => {
      operations.finish(name, { error: statusOf(body, "body", registry()) });
      return changed(name);
    },
    setProgress: async (name, body) => {
      const entries = mappingOf(body, "body");
      rejectUnknownKeys(entries, ["percent", "metadata"], "body");
      const { percent, metadata } = entries;
      operations.setProgress(name, {
        ...(percent !== undefined && { percent: percentOf(percent) }),
        ...(metadata !== undefined && { metadata: anyOf(metadata, "body.metadata", registry()) }),
      });
      return changed(name);
    },
    cancelOperation: async (name) => {
      store.cancel(name);
      return changed(name);
    },
    removeOperation: async (name) => {
      known(name);
      store.remove((one) => one === name);
      await operations.saved();
      return {};
    },
    addFault: (body) => {
      const fault = parseFault(body, "body", registry());
      const remove = faults.add(fault);
      const id = String(nextFault++);
      added.set(id, { fault, json: body as JsonValue, remove }); // parsed from JSON
      return { id };
    },
    listFaults: (scope) => ({ faults: faultList(scope) }),
    removeFaults: (scope) => {
      for (const [id, { remove }] of faultsIn(scope)) {
        remove();
        added.delete(id);
      }
      return {};
    },
    removeFault: (id) => {
      const fault = added.get(id);
      if (fault === undefined)
        throw new ConnectError(`fault "${id.slice(0, 200)}" does not exist`, Code.NotFound);
      fault.remove();
      added.delete(id);
      return {};
    },
    calls: (since, scope) =>
      record
        .calls()
        .filter((call) => call.sequence > since && callIsIn(scope, call))
        .map((call) => callToJson(call, registry())),
    watchCalls: (scope, listener) =>
      record.watch((call) => {
        if (callIsIn(scope, call)) listener(call.sequence, callToJson(call, registry()));
      }),
    watch: (sink) => watchLive({ ...options, faults: () => faultList({}) }, sink),
    advanceClock: (body) => {
      const entries = mappingOf(body, "body");
      rejectUnknownKeys(entries, ["duration"], "body");
      const ms = durationMsOf(entries.duration, "body.duration");
      if (clock.now() + ms > MAX_TIME_MS)
        throw scriptError("body.duration", "it ends after the latest possible date");
      clock.advance(ms);
      return now();
    },
    time: now,
    reset: async (body) => {
      const entries = mappingOf(body, "body");
      rejectUnknownKeys(entries, ["parent", "session"], "body");
      const scope: Scope = {
        parent: entries.parent === undefined ? undefined : textOf(entries.parent, "body.parent"),
        session: entries.session === undefined ? undefined : textOf(entries.session, "body.session"),
      };
      store.remove((name) => isIn(scope, name));
      for (const [id, { remove }] of faultsIn(scope)) {
        remove();
        added.delete(id);
      }
      if (scope.parent === undefined && scope.session === undefined) faults.clear();
      record.remove((call) => callIsIn(scope, call));
      await operations.saved();
      return {};
    },
  };
}

function textOf(value: unknown, where: string): string {
  if (typeof value === "string" && value !== "" && value.length <= 1_000) return value;
  throw scriptError(where, "expected text, of 1000 characters at most");
}

function percentOf(value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 100) return value;
  throw scriptError("body.percent", "expected a whole number from 0 to 100");
}
