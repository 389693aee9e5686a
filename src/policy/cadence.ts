// SPDX-License-Identifier: Apache-2.0
import { type Backoff, backoffMs, type Random } from "./backoff.js";
import type { Clock } from "./clock.js";

/** When the next look is due: pauses of our own that grow, and a server's wish that outweighs them. */
export interface Cadence {
  /** Milliseconds until the next look; 0 or less when it is due. */
  leftMs(): number;
  /**
   * A look was answered: the next pause is longer than the last. It is counted from `fromMs`, and the next look comes
   * no sooner than `floorMs` from now.
   */
  answered(fromMs: number, floorMs: number): void;
  /** A look failed in a way that says nothing: the next pause is as long as the last. */
  missed(floorMs: number): void;
  /** Looking begins, perhaps again: an old pause still holds, but not longer than a first one would. */
  begin(): void;
  /** Something happened: the next look is due now, and pauses start small again. */
  restart(): void;
}

/** Creates a cadence whose first look is due at once. */
export function createCadence(backoff: Backoff, clock: Clock, random: Random): Cadence {
  /** Pauses taken since the cadence began. */
  let step = 0;
  let dueMs = 0;
  let earliestMs = 0;
  return {
    leftMs: () => Math.max(dueMs, earliestMs) - clock.now(),
    answered(fromMs, floorMs) {
      dueMs = fromMs + backoffMs(backoff, step, random);
      earliestMs = Math.max(earliestMs, clock.now() + floorMs);
      step += 1;
    },
    missed(floorMs) {
      dueMs = clock.now() + backoffMs(backoff, Math.max(0, step - 1), random);
      earliestMs = Math.max(earliestMs, clock.now() + floorMs);
    },
    begin() {
      const nowMs = clock.now();
      step = dueMs > nowMs ? 1 : 0;
      dueMs = Math.min(dueMs, nowMs + backoff.initialMs);
    },
    restart() {
      step = 0;
      dueMs = 0;
    },
  };
}
