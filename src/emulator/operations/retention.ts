// SPDX-License-Identifier: Apache-2.0
import { endingOf, type OperationRecord } from "./timeline.js";

/**
 * Removes operations from a store that has too many: only finished ones, the oldest first, and never the `newest`,
 * whose client is waiting for the response.
 */
export type Retention = (records: Map<string, OperationRecord>, newest: string, nowMs: number) => void;

/**
 * Keeps about `maxOperations`: up to 1% more between two clean-ups, so that a full store is not scanned at every
 * start; and all running ones, since clients wait for them. Call it after each operation that is added.
 */
export function createRetention(maxOperations: number): Retention {
  const slack = Math.floor(maxOperations / 100);
  let atRest = 0; // the number left by the last clean-up, which running operations may raise above the maximum
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
