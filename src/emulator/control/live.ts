// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { Clock } from "../../time/clock.js";
import { startTimer } from "../../time/timer.js";
import type { EmulatorOperations } from "../emulator-operations.js";
import type { Store } from "../operations/store.js";
import type { CallRecord, RecordedCall } from "../record.js";
import { callSummaryToJson, operationSummaryToJson, timeToJson } from "./control-json.js";

/** The sources of the updates. */
export interface LiveOptions {
  readonly store: Store;
  readonly operations: EmulatorOperations;
  readonly record: CallRecord;
  readonly clock: Clock;
  faults(): JsonValue;
}

/** The receiver of the updates. */
export interface LiveSink {
  /** Whether the client has not yet read earlier updates; then the next one is postponed rather than queued. */
  readonly isBehind: boolean;
  send(update: JsonObject): void;
}

/** Maximum number of operations in the first update, the newest ones; a page can show no more. */
const MAX_OPERATIONS = 1_000;
/** Maximum number of calls in one update, the latest ones. */
const MAX_CALLS = 200;
/** Interval between updates, in milliseconds. */
const UPDATE_MS = 250;
/** After this many intervals without changes, an update is sent anyway, for the time in it. */
const QUIET_UPDATES = 4;

/**
 * Sends the state that a page shows, first all of it and then the changes, until the returned function is called. The
 * size of an update is bounded, and there are at most four a second, whatever the load.
 */
export function watchLive(options: LiveOptions, sink: LiveSink): () => void {
  const { store, operations, record, clock, faults } = options;
  const changed = new Set<string>();
  /** The end times of the operations last sent as running: an end that is derived from the time triggers no event. */
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
