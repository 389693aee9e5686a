// SPDX-License-Identifier: Apache-2.0
import type { CallError } from "../../errors/call-error.js";
import { redactSecrets } from "../../errors/sent-secrets.js";
import { eventError } from "../../observer/event-error.js";
import type { ObservedHandle, OperationEvent, PausedBy, PollEvent } from "../../observer/events.js";
import type { Topics } from "../../observer/observer.js";
import type { Clock } from "../../time/clock.js";
import type { Snapshot } from "../snapshot.js";
import { nextPollMs, type PollSchedule } from "./schedule.js";

/** What the events of one operation are made with. */
export interface EventSettings {
  readonly topics: Topics;
  readonly clock: Clock;
  readonly operationName: string;
  readonly handle: ObservedHandle;
}

/** A poll loop, as far as its events need it. */
export interface EventSource {
  readonly options: EventSettings;
  readonly schedule: PollSchedule;
}

/** How a poll ended. */
export interface PollEnd {
  readonly poll: number;
  readonly startMs: number;
  readonly snapshot?: Snapshot<unknown, unknown> | undefined;
  readonly error?: CallError | undefined;
  /** Whether the loop polls again. */
  readonly goesOn: boolean;
}

/** Emits the end of a poll, and its error if the wait continues. The schedule is that of the next poll already. */
export function emitPoll(loop: EventSource, { poll, startMs, goesOn, ...end }: PollEnd): void {
  const { topics, clock } = loop.options;
  const { poll: polls, transientError } = topics;
  if (!polls.hasListeners() && !transientError.hasListeners()) return;
  const nowMs = clock.now();
  const subject = subjectOf(loop.options);
  const error = end.error && eventError(end.error);
  const { earliestMs, dueMs } = loop.schedule;
  const pausedBy: PausedBy = earliestMs > dueMs ? "server" : "backoff";
  const pauseMs = Math.max(0, nextPollMs(loop.schedule) - nowMs);
  const next: Pick<PollEvent, "pauseMs" | "pausedBy"> = goesOn
    ? { pauseMs, pausedBy }
    : { pauseMs: undefined, pausedBy: undefined };
  const durationMs = nowMs - startMs;
  polls.emit({ ...subject, poll, durationMs, state: end.snapshot?.state, error, ...next });
  if (error !== undefined && goesOn) transientError.emit({ ...subject, poll, error, pauseMs, pausedBy });
}

/** Emits that an operation is in another state than before. */
export function emitState(
  { options }: Pick<EventSource, "options">,
  before: Pick<Snapshot<unknown, unknown>, "state"> | undefined,
  { state }: Pick<Snapshot<unknown, unknown>, "state">,
): void {
  const { topics } = options;
  if (before?.state === state || !topics.state.hasListeners()) return;
  const from = before?.state === "running" ? before.state : undefined;
  topics.state.emit({ ...subjectOf(options), from, to: state });
}

function subjectOf({ handle, operationName }: EventSettings): OperationEvent {
  return { handle, operationName: redactSecrets(operationName) };
}
