// SPDX-License-Identifier: Apache-2.0
import { toCallError } from "../../errors/call-error.js";
import { retryDelayOfHeaders } from "../../retry/retry-delay.js";
import { startSoon } from "../../time/clock.js";
import type { Snapshot } from "../snapshot.js";
import { beginPoll, type PollLoop, type Session, type Subscriber } from "./poll-loop.js";
import { endSession, failSession, markReached, onError, onSuccess, publish } from "./poll-result.js";
import { afterSuccess, IMMEDIATE, nextPollMs, resumed } from "./schedule.js";

/** How long before a deadline the last poll begins, in milliseconds, unless polls are slow or the time is short. */
const LAST_POLL_MS = 1_000;

/** Adds a subscriber; the first one starts the polling. */
export function addSubscriber<R, M>(loop: PollLoop<R, M>, subscriber: Subscriber<R, M>): void {
  loop.subscribers.add(subscriber);
  const { session } = loop;
  if (session !== undefined) {
    reschedule(loop, session);
    return;
  }
  const { clock, policy } = loop.options;
  loop.schedule = resumed(loop.schedule, clock.now(), policy);
  loop.session = { stopped: false, endPause: undefined, pollController: undefined, pollAgain: false };
  scheduleNext(loop, loop.session);
}

/** Removes a subscriber; the last to leave stops the polling at once. */
export function removeSubscriber<R, M>(loop: PollLoop<R, M>, subscriber: Subscriber<R, M>): void {
  const { subscribers, session } = loop;
  if (!subscribers.delete(subscriber) || subscribers.size > 0 || session === undefined) return;
  endSession(loop, session);
  session.endPause?.();
  session.pollController?.abort();
}

/** Polls again immediately, after a server's response to a cancel request; after the poll under way, if there is one. */
export function pollNow<R, M>(loop: PollLoop<R, M>): void {
  markReached(loop);
  const { session, lastTransientError, schedule } = loop;
  // A delay that came with an error still holds; one that came with an unchanged operation does not.
  loop.schedule = { ...IMMEDIATE, earliestMs: lastTransientError === undefined ? 0 : schedule.earliestMs };
  if (session === undefined) return;
  session.pollAgain = session.pollController !== undefined;
  reschedule(loop, session);
}

/**
 * Takes what a poll outside of the loop has seen, and times the next one by it.
 *
 * @returns the newest that is known, as of {@link publish}
 */
export function recordSnapshot<R, M>(
  loop: PollLoop<R, M>,
  snapshot: Snapshot<R, M>,
  poll: number,
  header?: Headers,
): Snapshot<R, M> {
  const { clock, policy, random } = loop.options;
  const nowMs = clock.now();
  const delayMs =
    header === undefined ? 0 : retryDelayOfHeaders(header, { clock, maxMs: policy.maxRetryDelayMs });
  const timing = { fromMs: nowMs, earliestMs: nowMs + delayMs, backoff: policy, random };
  loop.schedule = afterSuccess(loop.schedule, timing);
  const newest = publish(loop, snapshot, poll);
  if (loop.session !== undefined) reschedule(loop, loop.session);
  return newest;
}

/** Begins the pause under way again, by the schedule as it is now. */
function reschedule<R, M>(loop: PollLoop<R, M>, session: Session): void {
  if (session.endPause === undefined) return;
  session.endPause();
  session.endPause = undefined;
  startSoon(() => {
    if (session.endPause === undefined && session.pollController === undefined) scheduleNext(loop, session);
  });
}

/** When the last poll for a subscriber begins: earlier where polls are slow. */
function finalPollMs<R, M>(subscriber: Subscriber<R, M>, slowestMs: number): number {
  const { finalPoll, deadlineMs, maxLastPollMs } = subscriber;
  if (finalPoll === "overdue") return 0;
  if (finalPoll === undefined) return Number.POSITIVE_INFINITY;
  return deadlineMs - Math.min(maxLastPollMs, Math.max(LAST_POLL_MS, 2 * slowestMs));
}

/** Pauses until the next poll is due, or makes it. */
function scheduleNext<R, M>(loop: PollLoop<R, M>, session: Session): void {
  if (session.stopped) return;
  const { clock } = loop.options;
  const owed = [...loop.subscribers].map((subscriber) => finalPollMs(subscriber, loop.slowestMs));
  const atMs = Math.min(nextPollMs(loop.schedule), ...owed);
  const nowMs = clock.now();
  // A timer that has fired counts, even if the clock has not moved: fake timers may replace one and not the other.
  const begin = () => {
    session.endPause = undefined;
    poll(loop, session, Math.max(atMs, nowMs))
      .then(() => scheduleNext(loop, session))
      .catch((error: unknown) => failSession(loop, session, toCallError(error)));
  };
  if (atMs > nowMs) session.endPause = clock.startTimer(atMs - nowMs, begin);
  else begin();
}

/** Makes one poll, at its scheduled time, and notifies the subscribers. */
async function poll<R, M>(loop: PollLoop<R, M>, session: Session, plannedMs: number): Promise<void> {
  const { clock } = loop.options;
  const startMs = clock.now();
  const momentMs = Math.max(plannedMs, startMs);
  const subscribers = [...loop.subscribers];
  const overdue = subscribers.filter(({ finalPoll }) => finalPoll === "overdue");
  for (const subscriber of subscribers) {
    if (finalPollMs(subscriber, loop.slowestMs) <= momentMs) subscriber.finalPoll = undefined;
  }
  const deadlineMs = Math.max(...subscribers.map((subscriber) => subscriber.deadlineMs));
  const controller = new AbortController();
  session.pollController = controller;
  session.pollAgain = false;
  const number = beginPoll(loop);
  try {
    const response = await loop.options.poll(controller.signal, Math.max(1, deadlineMs - startMs));
    if (session.stopped) return;
    onSuccess(loop, session, response, { startMs, number });
  } catch (error) {
    if (session.stopped) return;
    onError(loop, session, toCallError(error), { startMs, number });
  } finally {
    session.pollController = undefined;
  }
  loop.slowestMs = Math.max(loop.slowestMs, clock.now() - startMs);
  if (session.pollAgain) pollNow(loop);
  for (const subscriber of overdue) if (loop.subscribers.has(subscriber)) subscriber.onFinalPoll();
}
