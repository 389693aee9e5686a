// SPDX-License-Identifier: Apache-2.0
import type { CallError } from "../../errors/call-error.js";
import { type Backoff, backoffMs, type Random } from "../../retry/backoff.js";

/** When the next poll is due: growing pauses of our own, and the delay that a server asks for, which is a lower bound. */
export interface PollSchedule {
  /** Pauses since the schedule began. */
  readonly step: number;
  /** When the next poll is due by our own pace, in milliseconds since the epoch. */
  readonly dueMs: number;
  /** Before when the server does not want it. */
  readonly earliestMs: number;
}

/** A schedule whose first poll is due at once. */
export const IMMEDIATE: PollSchedule = { step: 0, dueMs: 0, earliestMs: 0 };

/** When the next poll is due, in milliseconds since the epoch. */
export function nextPollMs({ dueMs, earliestMs }: PollSchedule): number {
  return Math.max(dueMs, earliestMs);
}

/** What times the poll after this one. */
export interface PollTiming {
  /** When the pause begins. */
  readonly fromMs: number;
  /** The earliest that the server wants the next poll. */
  readonly earliestMs: number;
  readonly backoff: Backoff;
  readonly random: Random;
}

/** After a poll that succeeded: the next pause is longer than the last. */
export function afterSuccess({ step, earliestMs }: PollSchedule, timing: PollTiming): PollSchedule {
  const { fromMs, backoff, random } = timing;
  return {
    step: step + 1,
    dueMs: fromMs + backoffMs(backoff, step, random),
    earliestMs: Math.max(earliestMs, timing.earliestMs),
  };
}

/**
 * After a poll that failed: the next pause is as long as the last. Where the server limits calls it is longer: at an unchanged
 * pace a client above its quota would stay there.
 */
export function afterError(
  schedule: PollSchedule,
  { reason }: Pick<CallError, "reason">,
  timing: PollTiming,
): PollSchedule {
  if (reason === "rate-limited") return afterSuccess(schedule, timing);
  const { step } = schedule;
  return { ...afterSuccess({ ...schedule, step: Math.max(0, step - 1) }, timing), step };
}

/** When polling begins again: an old pause still holds, but not longer than a first one would. */
export function resumed(
  { dueMs, earliestMs }: PollSchedule,
  nowMs: number,
  { initialMs }: Backoff,
): PollSchedule {
  return { step: dueMs > nowMs ? 1 : 0, dueMs: Math.min(dueMs, nowMs + initialMs), earliestMs };
}
