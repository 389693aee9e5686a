// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import type { Operation } from "../../../gen/google/longrunning/operations_pb.js";
import { nameProblem } from "../../names/operation-name.js";
import type { Clock } from "../../time/clock.js";
import { type Behaviour, behaviourOf, type Result } from "./behaviour.js";
import { type Page, type PageQuery, pageOf } from "./page.js";
import { createRetention } from "./retention.js";
import type { OperationScript } from "./script.js";
import { endingOf, type GivenProgress, goneMs, type OperationRecord, operationAt } from "./timeline.js";

/** The contents of a store, as data. */
export interface StoreData {
  readonly nextSequence: number;
  readonly nextId: number;
  /** The time of this data; the clock of a store created from it never goes back before it. */
  readonly atMs: number;
  readonly records: readonly OperationRecord[];
}

/**
 * The operations of one emulator: their records, and the rules by which calls change them. It does no I/O and sets no
 * timer; the current state of an operation is derived from its record and the clock.
 */
export interface Store {
  /** @throws ConnectError `AlreadyExists`; `TypeError` for a bad script. */
  start(script: OperationScript): OperationRecord;
  /** The operation as clients see it. @throws ConnectError `NotFound`. */
  get(name: string): Operation;
  /** The record of an operation, even a deleted or vanished one. */
  find(name: string): OperationRecord | undefined;
  /**
   * Requests cancellation. Succeeds without effect if the operation is already done.
   *
   * @throws ConnectError `NotFound`, `Unimplemented`.
   */
  cancel(name: string): void;
  /** Removes the name. The operation continues to run. @throws ConnectError `NotFound`. */
  delete(name: string): void;
  /** Ends a running operation now. @throws ConnectError `NotFound`. */
  finish(name: string, result: Result): void;
  /** Sets the progress that a running operation reports from now on. @throws ConnectError `NotFound`. */
  setProgress(name: string, progress: GivenProgress): void;
  /** Removes operations completely, including deleted ones. */
  remove(isGone: (name: string) => boolean): void;
  /** The names of all operations, including deleted ones, in the order of their creation. */
  names(): readonly string[];
  page(query: PageQuery): Page;
  /** Calls `listener` after each change to the record, until the function that it returns is called. */
  watch(name: string, listener: () => void): () => void;
  /** Calls `listener` after each change to any record, until the function that it returns is called. */
  watchAll(listener: (name: string) => void): () => void;
  now(): number;
  data(): StoreData;
}

/** Options of a store. */
export interface StoreInit {
  /** Its initial contents. @default empty */
  readonly from?: StoreData | undefined;
  /** Called after every change, before the call that made it returns. */
  readonly onChange?: (() => void) | undefined;
  /** Maximum number of operations, see `EmulatorOptions.maxOperations`. @default Infinity */
  readonly maxOperations?: number | undefined;
}

/** Maximum number of deleted operations kept for `find`. */
const DELETED_KEPT = 1_000;

const NOTHING: StoreData = { nextSequence: 0, nextId: 1, atMs: Number.NEGATIVE_INFINITY, records: [] };

/** Creates a store over a clock. */
export function createStore(clock: Clock, init: StoreInit = {}): Store {
  const { from = NOTHING, onChange, maxOperations = Number.POSITIVE_INFINITY } = init;
  const retainKnown = createRetention(maxOperations);
  const retainDeleted = createRetention(DELETED_KEPT);
  let { nextSequence, nextId } = from;
  const known = new Map<string, OperationRecord>();
  const deleted = new Map<string, OperationRecord>();
  const watchers = new Map<string, Set<() => void>>();
  const watchersOfAll = new Set<(name: string) => void>();
  for (const record of from.records)
    (record.deletedMs === undefined ? known : deleted).set(record.name, record);

  // A clock that is behind the file, e.g. because the machine's was changed, continues from the file's time.
  const behindMs = Math.max(0, from.atMs - clock.now());
  const now = () => clock.now() + behindMs;

  const visible = (name: string): OperationRecord => {
    const record = known.get(name);
    if (record === undefined || goneMs(record) <= now()) {
      throw new ConnectError(`Operation ${quoted(name)} was not found.`, Code.NotFound);
    }
    return record;
  };

  const changed = (name: string) => {
    onChange?.();
    for (const listener of [...(watchers.get(name) ?? [])]) listener();
    for (const listener of watchersOfAll) listener(name);
  };

  const put = (record: OperationRecord) => {
    known.set(record.name, record);
    changed(record.name);
  };

  const nameIn = (parent: string, id: string | undefined): string => {
    if (id !== undefined) return `${parent}/${id}`;
    let name: string;
    do name = `${parent}/${nextId++}`;
    while (known.has(name));
    return name;
  };

  return {
    start: (script) => {
      const behaviour: Behaviour = behaviourOf(script);
      const name = nameIn(script.parent ?? "operations", script.id);
      const problem = nameProblem(name);
      if (problem !== undefined) throw new TypeError(`the name ${JSON.stringify(name)} ${problem}`);
      if (known.has(name)) {
        throw new ConnectError(`Operation ${JSON.stringify(name)} exists already.`, Code.AlreadyExists);
      }
      const record: OperationRecord = {
        name,
        sequence: nextSequence++,
        behaviour,
        startedMs: now(),
        cancelRequestedMs: undefined,
        finished: undefined,
        deletedMs: undefined,
        progress: undefined,
      };
      known.set(name, record);
      retainKnown(known, name, now());
      changed(name);
      return record;
    },
    get: (name) => operationAt(visible(name), now()),
    find: (name) => known.get(name) ?? deleted.get(name),
    cancel: (name) => {
      const record = visible(name);
      if (record.behaviour.onCancel === "unsupported") {
        throw new ConnectError(`Operation ${quoted(name)} cannot be cancelled.`, Code.Unimplemented);
      }
      if (record.cancelRequestedMs !== undefined || endingOf(record).atMs <= now()) return;
      put({ ...record, cancelRequestedMs: now() });
    },
    delete: (name) => {
      const record = visible(name);
      known.delete(name);
      deleted.set(name, { ...record, deletedMs: now() });
      retainDeleted(deleted, name, now());
      changed(name);
    },
    finish: (name, result) => {
      const record = visible(name);
      if (endingOf(record).atMs > now()) put({ ...record, finished: { atMs: now(), result } });
    },
    setProgress: (name, progress) => {
      const record = visible(name);
      if (endingOf(record).atMs > now()) put({ ...record, progress: { ...record.progress, ...progress } });
    },
    remove: (isGone) => {
      for (const records of [known, deleted]) {
        for (const name of records.keys()) {
          if (!isGone(name)) continue;
          records.delete(name);
          changed(name);
        }
      }
    },
    names: () => [...deleted.keys(), ...known.keys()],
    page: (query) => pageOf(known.values(), query, now()),
    watch: (name, listener) => {
      const listeners = watchers.get(name) ?? new Set();
      watchers.set(name, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && watchers.get(name) === listeners) watchers.delete(name);
      };
    },
    watchAll: (listener) => {
      watchersOfAll.add(listener);
      return () => watchersOfAll.delete(listener);
    },
    now,
    data: () => ({ nextSequence, nextId, atMs: now(), records: [...known.values(), ...deleted.values()] }),
  };
}

/** Longer than any name that people use. */
const MAX_QUOTED_NAME = 200;

function quoted(name: string): string {
  return JSON.stringify(name.length > MAX_QUOTED_NAME ? `${name.slice(0, MAX_QUOTED_NAME)}...` : name);
}
