// SPDX-License-Identifier: Apache-2.0

/** An operation, as a list shows it. */
export interface OperationSummary {
  readonly name: string;
  readonly state: "running" | "succeeded" | "failed" | "cancelled" | "deleted";
  readonly percent: number;
  readonly cancelRequested: boolean;
  readonly startTime: string;
  /** Not there when it never ends. */
  readonly endTime?: string;
}

/** A call, as a list shows it. */
export interface CallSummary {
  readonly sequence: number;
  readonly time: string;
  readonly protocol: string;
  readonly requestLine: string;
  readonly method?: string;
  readonly status?: string;
  readonly httpStatus?: number;
}

/** A fault that is switched on. */
export interface ActiveFault {
  readonly id: string;
  readonly fault: Readonly<Record<string, unknown>>;
}

/** What the emulator sends: everything first, then what changed. */
export interface Update {
  readonly time: string;
  readonly whole?: boolean;
  readonly totalSize?: number;
  readonly operations?: readonly OperationSummary[];
  readonly removed?: readonly string[];
  readonly calls?: readonly CallSummary[];
  readonly skippedCalls?: number;
  readonly faults?: readonly ActiveFault[];
}

/** What the page knows. */
export interface State {
  /** The emulator's time, in milliseconds. */
  timeMs: number;
  /** Operations of the emulator, which may be more than are here. */
  totalSize: number;
  readonly operations: Map<string, OperationSummary>;
  /** The latest, the newest first. */
  calls: readonly CallSummary[];
  totalCalls: number;
  faults: readonly ActiveFault[];
}

const MAX_OPERATIONS = 1_000;
const MAX_CALLS = 1_000;

/** What is known before the first update. */
export function createState(): State {
  return { timeMs: 0, totalSize: 0, operations: new Map(), calls: [], totalCalls: 0, faults: [] };
}

/** Takes an update in. What is kept is bounded, however long the page stays open. */
export function applyUpdate(state: State, update: Update): void {
  const { time, whole = false, totalSize, operations = [], removed = [], calls = [], faults } = update;
  state.timeMs = Date.parse(time);
  state.totalSize = totalSize ?? state.totalSize;
  state.faults = faults ?? state.faults;
  if (whole) state.operations.clear();
  for (const operation of operations) state.operations.set(operation.name, operation);
  for (const name of removed) state.operations.delete(name);
  for (const name of state.operations.keys()) {
    if (state.operations.size <= MAX_OPERATIONS) break;
    state.operations.delete(name);
  }
  const newest = calls.at(-1);
  if (newest === undefined) return;
  const known = state.calls[0]?.sequence ?? 0;
  const isRestarted = calls.some(({ sequence }) => sequence < known - MAX_CALLS);
  const older = isRestarted ? [] : state.calls;
  const seen = new Set(older.map(({ sequence }) => sequence));
  const added = calls.filter(({ sequence }) => !seen.has(sequence)).reverse();
  state.calls = [...added, ...older].slice(0, MAX_CALLS);
  state.totalCalls = Math.max(newest.sequence, isRestarted ? 0 : state.totalCalls);
}

/** The operations, the newest first. */
export function newestFirst(state: State): OperationSummary[] {
  return [...state.operations.values()]
    .reverse()
    .sort((a, b) => (a.startTime < b.startTime ? 1 : a.startTime > b.startTime ? -1 : 0));
}
