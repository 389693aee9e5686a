// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import { type CallError, toCallError } from "../../errors/call-error.js";
import type { Random } from "../../retry/backoff.js";
import { retryDelayOf, retryDelayOfHeaders } from "../../retry/retry-delay.js";
import { startSoon } from "../../time/clock.js";
import { isOutcome, type Snapshot, sameOperation } from "../snapshot.js";
import { type EventSettings, emitPoll, emitState } from "./emit-poll.js";
import { isNotSent, pollErrorKind } from "./poll-error.js";
import type { PollingPolicy } from "./polling-options.js";
import { afterError, afterSuccess, IMMEDIATE, nextPollMs, type PollSchedule, resumed } from "./schedule.js";

/** How long before a deadline the last poll begins, in milliseconds, unless polls are slow or the time is short. */
const LAST_POLL_MS = 1_000;

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
  /** Called for every failed poll that is waited through. */
  onTransientError(error: CallError): void;
  /** Called once its overdue poll has ended without an outcome. */
  onFinalPoll(): void;
  /** Called with the error that ended the polling. */
  onError(error: CallError): void;
}

/**
 * The polls of one operation, shared by all its subscribers: a plain record, since a program may watch very many. It is
 * changed by the functions below and by nobody else.
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
interface Session {
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
  close(loop, session);
  session.endPause?.();
  session.pollController?.abort();
}

/** Whether a poll of the loop is under way. */
export function isPolling<R, M>(loop: PollLoop<R, M>): boolean {
  return loop.session?.pollController !== undefined;
}

/** Polls again immediately, e.g. after a cancel request; after the poll under way, if there is one. */
export function pollNow<R, M>(loop: PollLoop<R, M>): void {
  const { session, lastTransientError, schedule } = loop;
  // A delay that came with an error still holds; one that came with an unchanged operation does not.
  loop.schedule = { ...IMMEDIATE, earliestMs: lastTransientError === undefined ? 0 : schedule.earliestMs };
  if (session === undefined) return;
  session.pollAgain = session.pollController !== undefined;
  reschedule(loop, session);
}

/** Begins a poll outside of the loop; the number goes to {@link recordSnapshot}. */
export function beginPoll<R, M>(loop: PollLoop<R, M>): number {
  loop.polls += 1;
  return loop.polls;
}

/**
 * Takes what a poll outside of the loop has seen, and times the next one by it.
 *
 * @returns the newest that is known: a terminal state never changes, and a poll that began earlier never replaces a later one.
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
    void poll(loop, session, Math.max(atMs, nowMs)).then(() => scheduleNext(loop, session));
  };
  if (atMs > nowMs) session.endPause = clock.startTimer(atMs - nowMs, begin);
  else begin();
}

/** The poll that has ended. */
interface PollMade {
  readonly startMs: number;
  readonly number: number;
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

function onSuccess<R, M>(
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
  if (isOutcome(snapshot)) close(loop, session);
  emitPoll(loop, { poll: number, startMs, snapshot, goesOn: !isOutcome(snapshot) });
  publish(loop, snapshot, number);
}

function onError<R, M>(
  loop: PollLoop<R, M>,
  session: Session,
  error: CallError,
  { startMs, number }: PollMade,
): void {
  const { policy, clock, random } = loop.options;
  const nowMs = clock.now();
  const earliestMs = nowMs + retryDelayOf(error, { clock, maxMs: policy.maxRetryDelayMs });
  loop.schedule = afterError(loop.schedule, { fromMs: nowMs, earliestMs, backoff: policy, random });
  const kind = pollErrorKind(error, { transientCodes: policy.transientCodes, isReached: loop.isReached });
  loop.isReached ||= !isNotSent(error);
  loop.serverErrors = kind === "server" ? loop.serverErrors + 1 : 0;
  const subscribers = [...loop.subscribers];
  const goesOn = kind !== "permanent" && loop.serverErrors < policy.maxServerErrors;
  emitPoll(loop, { poll: number, startMs, error, goesOn });
  if (!goesOn) {
    loop.serverErrors = 0;
    close(loop, session);
    for (const subscriber of subscribers) subscriber.onError(error);
    return;
  }
  loop.lastTransientError = error;
  for (const subscriber of subscribers) subscriber.onTransientError(error);
}

function publish<R, M>(loop: PollLoop<R, M>, snapshot: Snapshot<R, M>, poll: number): Snapshot<R, M> {
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

function close<R, M>(loop: PollLoop<R, M>, session: Session): void {
  session.stopped = true;
  if (loop.session === session) loop.session = undefined;
}
