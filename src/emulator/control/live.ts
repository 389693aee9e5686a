// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { Clock } from "../../time/clock.js";
import { startTimer } from "../../time/timer.js";
import type { EmulatorOperations } from "../emulator-operations.js";
import type { Store } from "../operations/store.js";
import type { CallRecord, RecordedCall } from "../record.js";
import { callSummaryToJson, operationSummaryToJson, timeToJson } from "./control-json.js";

/** What updates are made of. */
export interface LiveOptions {
  readonly store: Store;
  readonly operations: EmulatorOperations;
  readonly record: CallRecord;
  readonly clock: Clock;
  faults(): JsonValue;
}

/** Where updates go. */
export interface LiveSink {
  /** Whether the client has not yet read what it was sent: then it gets the next update later, not twice as much. */
  readonly isBehind: boolean;
  send(update: JsonObject): void;
}

/** Operations in the first update, the newest: what a page can show. */
const MAX_OPERATIONS = 1_000;
/** Calls in one update, the latest. */
const MAX_CALLS = 200;
/** Pause between two updates, in milliseconds. */
const UPDATE_MS = 250;
/** Updates without news after which one goes out all the same: for the time in it. */
const QUIET_UPDATES = 4;

/**
 * Sends what a page shows, first everything and then what changed, until the function that it returns is called. Under
 * any load an update has a bounded size, and there are four a second at most.
 */
export function watchLive(options: LiveOptions, sink: LiveSink): () => void {
  const { store, operations, record, clock, faults } = options;
  const changed = new Set<string>();
  /** When the operations end that were last sent as running: nobody announces an end that follows from the time. */
  const endsMs = new Map<string, number>();
  let isWhole = true;
  let calls: RecordedCall[] = record.calls().slice(-MAX_CALLS);
  let skippedCalls = 0;
  let sentFaults = "";
  let quiet = 0;

  const operationUpdate = (): JsonObject => {
    const now = clock.now();
    for (const [name, endMs] of endsMs) if (endMs <= now) changed.add(name);
    if (!isWhole && changed.size === 0) return {};
    const names = store.names();
    const views = (isWhole ? names.slice(-MAX_OPERATIONS) : [...changed]).map(
      (name) => [name, operations.find(name)] as const,
    );
    const whole = isWhole;
    isWhole = false;
    changed.clear();
    for (const [name, view] of views) {
      endsMs.delete(name);
      if (view !== undefined && view.endMs > now) endsMs.set(name, view.endMs);
    }
    for (const name of endsMs.keys()) {
      if (endsMs.size <= MAX_OPERATIONS) break;
      endsMs.delete(name);
    }
    return {
      ...(whole && { whole }),
      totalSize: names.length,
      operations: views.flatMap(([, view]) => (view === undefined ? [] : [operationSummaryToJson(view)])),
      removed: views.flatMap(([name, view]) => (view === undefined ? [name] : [])),
    };
  };
  const callUpdate = (): JsonObject => {
    if (calls.length === 0) return {};
    const update = { calls: calls.map(callSummaryToJson), ...(skippedCalls > 0 && { skippedCalls }) };
    calls = [];
    skippedCalls = 0;
    return update;
  };
  const faultUpdate = (): JsonObject => {
    const now = faults();
    const text = JSON.stringify(now);
    if (text === sentFaults) return {};
    sentFaults = text;
    return { faults: now };
  };
  const update = () => {
    if (!sink.isBehind) {
      const news = { ...operationUpdate(), ...callUpdate(), ...faultUpdate() };
      quiet = Object.keys(news).length === 0 ? quiet + 1 : 0;
      if (quiet % QUIET_UPDATES === 0) sink.send({ time: timeToJson(clock.now()), ...news });
    }
    stopTimer = startTimer(UPDATE_MS, update, { background: true });
  };

  const stopOperations = store.watchAll((name) => {
    if (isWhole) return;
    changed.add(name);
    if (changed.size <= MAX_OPERATIONS) return;
    changed.clear();
    isWhole = true;
  });
  const stopCalls = record.watch((call) => {
    calls.push(call);
    if (calls.length <= MAX_CALLS) return;
    calls.shift();
    skippedCalls++;
  });
  let stopTimer = () => {};
  update();
  return () => {
    stopTimer();
    stopOperations();
    stopCalls();
  };
}
