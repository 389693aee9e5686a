// SPDX-License-Identifier: Apache-2.0
import type { Operation } from "../../../gen/google/longrunning/operations_pb.js";
import { listenToAbort } from "../../time/abort.js";
import { type Clock, sleep } from "../../time/clock.js";
import type { Store } from "./store.js";
import { endingOf, goneMs } from "./timeline.js";

/** Options of a wait. */
export interface WaitOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Maximum wait, in milliseconds. */
  readonly timeoutMs: number;
  /** Aborted when the client disconnects: the wait then fails with the signal's reason. */
  readonly signal: AbortSignal;
  readonly end: WaitEnd;
}

/**
 * Ends all waits when the server shuts down. They return the latest state, which the proto allows at any time.
 */
export interface WaitEnd {
  readonly isOver: boolean;
  endAll(): void;
  /** Calls `listener` at the end, until the function that it returns is called. */
  watch(listener: () => void): () => void;
}

/** Not an AbortSignal, since that warns of a leak when ten calls wait at once. */
export function createWaitEnd(): WaitEnd {
  const listeners = new Set<() => void>();
  let isOver = false;
  return {
    get isOver() {
      return isOver;
    },
    endAll: () => {
      isOver = true;
      for (const listener of listeners) listener();
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * Waits until an operation is done or the time is up, and returns its latest state. If the operation changes meanwhile
 * (e.g. by a cancel), the wait adapts to its new end.
 *
 * @throws ConnectError `NotFound` if the operation is unknown or becomes unknown.
 */
export async function waitForOperation(name: string, options: WaitOptions): Promise<Operation> {
  const { store, timeoutMs, end } = options;
  const untilMs = store.now() + timeoutMs;
  for (;;) {
    const operation = store.get(name);
    const record = store.find(name);
    const leftMs = untilMs - store.now();
    if (operation.done || leftMs <= 0 || end.isOver || record === undefined) return operation;
    await sleepUntilChange(
      name,
      Math.min(untilMs, endingOf(record).atMs, goneMs(record)) - store.now(),
      options,
    );
  }
}

async function sleepUntilChange(
  name: string,
  ms: number,
  { store, clock, signal, end }: WaitOptions,
): Promise<void> {
  const wake = new AbortController();
  const rouse = () => wake.abort();
  const stops = [store.watch(name, rouse), end.watch(rouse), listenToAbort(signal, rouse)];
  try {
    signal.throwIfAborted();
    await sleep(clock, ms, wake.signal);
  } catch (reason) {
    signal.throwIfAborted();
    if (!wake.signal.aborted) throw reason;
  } finally {
    for (const stop of stops) stop();
  }
}
