// SPDX-License-Identifier: Apache-2.0
import type { CallError } from "../../errors/call-error.js";
import { retryDelayOf, retryDelayOfHeaders } from "../../retry/retry-delay.js";
import { sameOperation } from "../same-operation.js";
import { isOutcome, type Snapshot } from "../snapshot.js";
import { emitPoll, emitState } from "./emit-poll.js";
import { hasResponse, pollErrorKind } from "./poll-error.js";
import type { Poll, PollLoop, Session } from "./poll-loop.js";
import { afterError, afterSuccess } from "./schedule.js";

/** The poll that has ended. */
export interface PollMade {
  readonly startMs: number;
  readonly number: number;
}

/** Takes a response of the loop's own poll: times the next one, and ends the session with the operation. */
export function onSuccess<R, M>(
  loop: PollLoop<R, M>,
  session: Session,
  { snapshot, header, waited }: Poll<R, M>,
  { startMs, number }: PollMade,
): void {
  const { policy, clock, random } = loop.options;
  const nowMs = clock.now();
  const earliestMs = nowMs + retryDelayOfHeaders(header, { clock, maxMs: policy.maxRetryDelayMs });
  const timing = { fromMs: waited ? startMs : nowMs, earliestMs, backoff: policy, random };
  loop.schedule = afterSuccess(loop.schedule, timing);
  loop.lastTransientError = undefined;
  loop.serverErrors = 0;
  if (isOutcome(snapshot)) endSession(loop, session);
  emitPoll(loop, { poll: number, startMs, snapshot, goesOn: !isOutcome(snapshot) });
  publish(loop, snapshot, number);
}

/** Takes an error of the loop's own poll: one to poll again after, or one that ends the session. */
export function onError<R, M>(
  loop: PollLoop<R, M>,
  session: Session,
  error: CallError,
  { startMs, number }: PollMade,
): void {
  const { policy, clock, random } = loop.options;
  const nowMs = clock.now();
  const earliestMs = nowMs + retryDelayOf(error, { clock, maxMs: policy.maxRetryDelayMs });
  loop.schedule = afterError(loop.schedule, error, { fromMs: nowMs, earliestMs, backoff: policy, random });
  const kind = pollErrorKind(error, { transientCodes: policy.transientCodes, isReached: loop.isReached });
  loop.isReached ||= hasResponse(error);
  loop.serverErrors = kind === "server" ? loop.serverErrors + 1 : 0;
  const goesOn = kind !== "permanent" && loop.serverErrors < policy.maxServerErrors;
  emitPoll(loop, { poll: number, startMs, error, goesOn });
  if (!goesOn) {
    failSession(loop, session, error);
    return;
  }
  loop.lastTransientError = error;
  for (const subscriber of [...loop.subscribers]) subscriber.onTransientError(error);
}

/** Ends a stretch of polling with an error, of a poll or of an option such as `random` that throws. */
export function failSession<R, M>(loop: PollLoop<R, M>, session: Session, error: CallError): void {
  loop.serverErrors = 0;
  endSession(loop, session);
  for (const subscriber of [...loop.subscribers]) subscriber.onError(error);
}

/**
 * Keeps a snapshot and hands it to the subscribers, unless a newer one is known.
 *
 * @returns the newest that is known: a terminal state never changes, and a poll that began earlier never replaces a later one.
 */
export function publish<R, M>(loop: PollLoop<R, M>, snapshot: Snapshot<R, M>, poll: number): Snapshot<R, M> {
  const { known, options } = loop;
  loop.isReached = true;
  if (known !== undefined && (isOutcome(known) || (poll < loop.knownPoll && !isOutcome(snapshot))))
    return known;
  const changed =
    known === undefined || !sameOperation(known.operation, snapshot.operation, options.registry);
  loop.known = snapshot;
  loop.knownPoll = poll;
  emitState(loop, known, snapshot);
  for (const subscriber of [...loop.subscribers]) subscriber.onUpdate(snapshot, changed);
  return snapshot;
}

/** A server has responded to a request about the operation: a connection that is lost from now on will come back. */
export function markReached<R, M>(loop: PollLoop<R, M>): void {
  loop.isReached = true;
}

/** Ends a stretch of polling: no further poll begins, and what a poll under way brings is dropped. */
export function endSession<R, M>(loop: PollLoop<R, M>, session: Session): void {
  session.stopped = true;
  if (loop.session === session) loop.session = undefined;
}
