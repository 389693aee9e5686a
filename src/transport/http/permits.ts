// SPDX-License-Identifier: Apache-2.0
import type { Abort } from "../call/abort.js";

/** How many requests may be on the wire at once. */
export interface Permits {
  /** Resolves when one more may go; rejects with the reason of an abort that comes before. */
  acquire(abort: Abort): Promise<void> | undefined;
  release(): void;
}

/**
 * Lets `max` requests go at once; the others wait in the order in which they came. Not the agent's own queue: that opens
 * a connection for a waiting request with the options of an older one, whose call may have been given up.
 */
export function createPermits(max: number): Permits {
  const waiting = new Set<() => void>();
  let taken = 0;
  return {
    acquire: (abort) => {
      taken += 1;
      if (taken <= max) return undefined;
      return new Promise((resolve, reject) => {
        const stopListening = abort.listen(() => {
          waiting.delete(go);
          taken -= 1;
          reject(abort.reason);
        });
        const go = () => {
          stopListening();
          resolve();
        };
        waiting.add(go);
      });
    },
    release: () => {
      taken -= 1;
      const [next] = waiting;
      if (next === undefined) return;
      waiting.delete(next);
      next();
    },
  };
}
