// SPDX-License-Identifier: Apache-2.0
import { type Backoff, backoffMs, type Random } from "../../retry/backoff.js";

/** When the next look is due: pauses of our own that grow, and a server's wish that outweighs them. */
export interface Cadence {
  /** Pauses since the cadence began. */
  readonly step: number;
  /** When the next look is due by our own pace, in milliseconds since the epoch. */
  readonly dueMs: number;
  /** Before when the server does not want it. */
  readonly earliestMs: number;
}

/** A cadence whose first look is due at once. */
export const FRESH_CADENCE: Cadence = { step: 0, dueMs: 0, earliestMs: 0 };

/** Milliseconds until the next look; 0 or less when it is due. */
export function untilDueMs({ dueMs, earliestMs }: Cadence, nowMs: number): number {
  return Math.max(dueMs, earliestMs) - nowMs;
}

/** What happened to a look, and by what the next one is timed. */
export interface LookTiming {
  /** When the pause begins. */
  readonly fromMs: number;
  /** The earliest that the server wants the next look. */
  readonly floorMs: number;
  readonly backoff: Backoff;
  readonly random: Random;
}

/** After a look that was answered: the next pause is longer than the last. */
export function afterAnswer({ step, earliestMs }: Cadence, timing: LookTiming): Cadence {
  const { fromMs, floorMs, backoff, random } = timing;
  return {
    step: step + 1,
    dueMs: fromMs + backoffMs(backoff, step, random),
    earliestMs: Math.max(earliestMs, floorMs),
  };
}

/** After a look that failed and says nothing: the next pause is as long as the last. */
export function afterMiss(cadence: Cadence, timing: LookTiming): Cadence {
  const { step } = cadence;
  return { ...afterAnswer({ ...cadence, step: Math.max(0, step - 1) }, timing), step };
}

/** When looking begins, perhaps again: an old pause still holds, but not longer than a first one would. */
export function begunAgain({ dueMs, earliestMs }: Cadence, nowMs: number, { initialMs }: Backoff): Cadence {
  return { step: dueMs > nowMs ? 1 : 0, dueMs: Math.min(dueMs, nowMs + initialMs), earliestMs };
}

/** After something that was done to the operation: the next look is due now, and pauses start small again. */
export function hurried({ earliestMs }: Cadence): Cadence {
  return { ...FRESH_CADENCE, earliestMs };
}
