// SPDX-License-Identifier: Apache-2.0
import type { Abort } from "../call/abort.js";
import { closedError } from "./errors.js";

/** Which requests of an engine may go. */
export interface Admission {
  /**
   * Lets one more request in: at once, or when the promise resolves.
   *
   * @throws HttpError "closed" once the engine takes none any more
   * @throws the reason of an abort that has come, or comes while it waits
   */
  enter(abort: Abort): Promise<void> | undefined;
  /** A request that was let in has ended. */
  leave(): void;
  /** Lets no more in, and resolves when none is left. */
  close(): Promise<void>;
}

/**
 * Lets `max` requests go at once; the others wait in the order in which they came. Not left to Node's agent: that opens a
 * connection for a waiting request with the options of an older one, whose call may have been given up.
 *
 * @param max @default no limit
 */
export function createAdmission(max: number = Number.POSITIVE_INFINITY): Admission {
  const waiting = new Set<() => void>();
  let open = 0;
  let closing: Promise<void> | undefined;
  let onIdle: (() => void) | undefined;
  const leave = () => {
    open -= 1;
    const [next] = waiting;
    if (next !== undefined && open - waiting.size < max) {
      waiting.delete(next);
      next();
    }
    if (open === 0) onIdle?.();
  };
  return {
    enter: (abort) => {
      if (abort.aborted) throw abort.reason;
      if (closing !== undefined) throw closedError();
      open += 1;
      if (open <= max) return undefined;
      return new Promise((resolve, reject) => {
        const go = () => {
          stopListening();
          resolve();
        };
        const stopListening = abort.listen(() => {
          waiting.delete(go);
          leave();
          reject(abort.reason);
        });
        waiting.add(go);
      });
    },
    leave,
    close: () => {
      closing ??= new Promise((resolve) => {
        onIdle = resolve;
        if (open === 0) resolve();
      });
      return closing;
    },
  };
}
