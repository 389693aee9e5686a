// SPDX-License-Identifier: Apache-2.0
import { endingOf, type OperationRecord } from "./timeline.js";

/**
 * Drops operations of a store that holds too many: finished ones only, the oldest first, and never the `newest`,
 * whose client waits for the response.
 */
export type Retention = (records: Map<string, OperationRecord>, newest: string, nowMs: number) => void;

/**
 * Keeps about `maxOperations`: up to a hundredth more between two clean-ups, so that a full store is not gone
 * through at every start; and as many as are running, since what a client waits for is never dropped. To be
 * called after each operation that is added.
 */
export function createRetention(maxOperations: number): Retention {
  const slack = Math.floor(maxOperations / 100);
  let atRest = 0; // what the last clean-up left: running ones, beyond the maximum
  return (records, newest, nowMs) => {
    atRest = Math.min(atRest, records.size - 1);
    if (records.size <= Math.max(maxOperations, atRest) + slack) return;
    let surplus = records.size - maxOperations;
    for (const [name, record] of records) {
      if (surplus === 0) break;
      if (name === newest || endingOf(record).atMs > nowMs) continue;
      records.delete(name);
      surplus--;
    }
    atRest = records.size;
  };
}
