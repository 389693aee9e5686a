// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import type { CallError } from "../../errors/call-error.js";
import type { Random } from "../../retry/backoff.js";
import type { Snapshot } from "../snapshot.js";
import type { EventSettings } from "./emit-poll.js";
import type { PollingPolicy } from "./polling-options.js";
import { IMMEDIATE, type PollSchedule } from "./schedule.js";

/** The response of one poll. */
export interface Poll<R, M> {
  readonly snapshot: Snapshot<R, M>;
  readonly header: Headers;
  /** The server held the response back until something happened: time that counts towards the pause before the next poll. */
  readonly waited: boolean;
}

/** What a poll loop works with. */
export interface PollLoopOptions<R, M> extends EventSettings {
  poll(signal: AbortSignal, atMostMs: number): Promise<Poll<R, M>>;
  readonly policy: PollingPolicy;
  readonly random: Random;
  /** Types to compare metadata and responses by. */
  readonly registry: Registry | undefined;
}

/** One wait or watch on the operation. */
export interface Subscriber<R, M> {
  /** When its time is up, which it sees to itself; no poll is given time beyond the last deadline. */
  deadlineMs: number;
  /** Its last poll, whatever the schedule: `scheduled` shortly before its deadline, or `overdue` once that has passed. */
  finalPoll: "scheduled" | "overdue" | undefined;
  /** How long before its deadline the last poll begins at most, in milliseconds. */
  readonly maxLastPollMs: number;
  /** Called for every poll that succeeds; `changed` is whether it differs, by value, from the one before. */
  onUpdate(snapshot: Snapshot<R, M>, changed: boolean): void;
  /** Called for every failed poll after which the wait continues. */
  onTransientError(error: CallError): void;
  /** Called once its overdue poll has ended without an outcome. */
  onFinalPoll(): void;
  /** Called with the error that ended the polling. */
  onError(error: CallError): void;
}

/**
 * The polls of one operation, shared by all its subscribers: a plain record, since a program may watch very many. It is
 * changed by the functions of run-loop.ts and poll-result.ts and by nobody else.
 */
export interface PollLoop<R, M> {
  readonly options: PollLoopOptions<R, M>;
  readonly subscribers: Set<Subscriber<R, M>>;
  /** The newest that was seen. */
  known: Snapshot<R, M> | undefined;
  /** Which poll `known` is from. */
  knownPoll: number;
  /** A server has been reached, or vouched for the operation before this loop began. */
  isReached: boolean;
  /** The error of the last poll, when that was one to poll again after. */
  lastTransientError: CallError | undefined;
  /** INTERNAL and UNKNOWN in a row. */
  serverErrors: number;
  /** Polls begun so far, those of `poll()` included. */
  polls: number;
  /** How long the slowest poll took, in milliseconds. */
  slowestMs: number;
  schedule: PollSchedule;
  session: Session | undefined;
}

/** One stretch of polling: from the first subscriber's arrival to the end, or to the last one's departure. */
export interface Session {
  stopped: boolean;
  /** Ends the pause under way. */
  endPause: (() => void) | undefined;
  /** Ends the poll under way. Undefined during pauses, which saves memory where thousands of operations are watched. */
  pollController: AbortController | undefined;
  /** Something was done to the operation during the poll under way. */
  pollAgain: boolean;
}

/**
 * Creates the loop of one operation. Nothing is sent before someone subscribes.
 *
 * @param known - what was seen of it before
 * @param isReached - a server has vouched for the operation, as for one that was started or saved
 */
export function createPollLoop<R, M>(
  options: PollLoopOptions<R, M>,
  known: Snapshot<R, M> | undefined,
  isReached: boolean,
): PollLoop<R, M> {
  return {
    options,
    subscribers: new Set(),
    known,
    knownPoll: 0,
    isReached: isReached || known !== undefined,
    lastTransientError: undefined,
    serverErrors: 0,
    polls: 0,
    slowestMs: 0,
    schedule: IMMEDIATE,
    session: undefined,
  };
}

/** Whether a poll of the loop is under way. */
export function isPolling<R, M>(loop: PollLoop<R, M>): boolean {
  return loop.session?.pollController !== undefined;
}

/** Begins a poll outside of the loop; the number goes to {@link recordSnapshot}. */
export function beginPoll<R, M>(loop: PollLoop<R, M>): number {
  loop.polls += 1;
  return loop.polls;
}
