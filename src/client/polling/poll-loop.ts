// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import { type CallError, toCallError } from "../../errors/call-error.js";
import type { Random } from "../../retry/backoff.js";
import { retryFloorMs, retryFloorOf } from "../../retry/retry-delay.js";
import type { Clock } from "../../time/clock.js";
import { startPause } from "../../time/pause.js";
import { sameOperation } from "../same-operation.js";
import { isOutcome, type Snapshot } from "../snapshot.js";
import type { PollingPolicy } from "./polling-options.js";
import {
  afterAnswer,
  afterMiss,
  begunAgain,
  type Cadence,
  FRESH_CADENCE,
  hurried,
  untilDueMs,
} from "./schedule.js";

/** One look at an operation, answered. */
export interface Look<R, M> {
  readonly snapshot: Snapshot<R, M>;
  readonly header: Headers;
  /** The server held the answer back until something happened: time that counts towards the pause before the next look. */
  readonly waited: boolean;
}

/** What a poll loop looks with, and by. */
export interface PollLoopOptions<R, M> {
  look(signal: AbortSignal, atMostMs: number): Promise<Look<R, M>>;
  readonly policy: PollingPolicy;
  readonly clock: Clock;
  readonly random: Random;
  /** Types to compare metadata and responses by. */
  readonly registry: Registry | undefined;
}

/** Someone who wants to know what becomes of the operation. */
export interface Follower<R, M> {
  /** When it stops wanting to know. It sees to that itself; no look is given time beyond the last such moment. */
  readonly deadlineMs: number;
  /** Told of every look that succeeds; `changed` says whether it differs, by value, from the one before. */
  onLook(snapshot: Snapshot<R, M>, changed: boolean): void;
  /** Told of the failure that ended the looking. */
  onFailure(error: CallError): void;
}

/**
 * The looks at one operation, shared by all who follow it: a plain record, since a program may watch very many. It is
 * changed by the functions below and by nobody else.
 */
export interface PollLoop<R, M> {
  readonly options: PollLoopOptions<R, M>;
  readonly followers: Set<Follower<R, M>>;
  /** The last that was seen. */
  known: Snapshot<R, M> | undefined;
  /** The failure of the last look, when that was one to look again after. */
  lastMiss: CallError | undefined;
  /** Looks begun so far. */
  looks: number;
  cadence: Cadence;
  session: Session | undefined;
}

/** One stretch of looking: from the first follower's arrival to the end, or to the last one's departure. */
interface Session {
  stopped: boolean;
  /** Ends the pause under way. */
  endPause: (() => void) | undefined;
  /** Ends the look under way. None is kept through the pauses: thousands of them weigh. */
  look: AbortController | undefined;
}

/** Creates the loop of one operation; `known` is what was seen of it before. Nothing is sent before someone joins. */
export function createPollLoop<R, M>(options: PollLoopOptions<R, M>, known?: Snapshot<R, M>): PollLoop<R, M> {
  return {
    options,
    followers: new Set(),
    known,
    lastMiss: undefined,
    looks: 0,
    cadence: FRESH_CADENCE,
    session: undefined,
  };
}

/** Adds a follower; the first one starts the looking. */
export function joinLoop<R, M>(loop: PollLoop<R, M>, follower: Follower<R, M>): void {
  loop.followers.add(follower);
  if (loop.session !== undefined) return;
  const { clock, policy } = loop.options;
  loop.cadence = begunAgain(loop.cadence, clock.now(), policy);
  loop.session = { stopped: false, endPause: undefined, look: undefined };
  goOn(loop, loop.session);
}

/** Takes a follower out; the last to leave stops the looking at once. */
export function leaveLoop<R, M>(loop: PollLoop<R, M>, follower: Follower<R, M>): void {
  const { followers, session } = loop;
  if (!followers.delete(follower) || followers.size > 0 || session === undefined) return;
  close(loop, session);
  session.endPause?.();
  session.look?.abort();
}

/** Has the next look made now, since something was done to the operation. */
export function hurryLoop<R, M>(loop: PollLoop<R, M>): void {
  loop.cadence = hurried(loop.cadence);
  const { session } = loop;
  if (session?.endPause === undefined) return;
  session.endPause();
  session.endPause = undefined;
  queueMicrotask(() => goOn(loop, session));
}

/** Takes what was seen some other way just now, and times the next look by it. */
export function learnSnapshot<R, M>(loop: PollLoop<R, M>, snapshot: Snapshot<R, M>): void {
  const { clock, policy, random } = loop.options;
  loop.cadence = afterAnswer(loop.cadence, { fromMs: clock.now(), floorMs: 0, backoff: policy, random });
  publish(loop, snapshot);
}

/** Pauses until the next look is due, or makes it; and so on. */
function goOn<R, M>(loop: PollLoop<R, M>, session: Session): void {
  if (session.stopped) return;
  const { clock } = loop.options;
  const leftMs = untilDueMs(loop.cadence, clock.now());
  const again = () => {
    session.endPause = undefined;
    goOn(loop, session);
  };
  if (leftMs > 0) session.endPause = startPause(clock, leftMs, again);
  else void look(loop, session).then(again);
}

async function look<R, M>(loop: PollLoop<R, M>, session: Session): Promise<void> {
  const { policy: backoff, clock, random } = loop.options;
  const startMs = clock.now();
  const lastDeadlineMs = Math.max(...[...loop.followers].map((follower) => follower.deadlineMs));
  const controller = new AbortController();
  session.look = controller;
  loop.looks += 1;
  try {
    const answer = await loop.options.look(controller.signal, Math.max(1, lastDeadlineMs - startMs));
    if (session.stopped) return;
    const nowMs = clock.now();
    const fromMs = answer.waited ? startMs : nowMs;
    const floorMs = nowMs + retryFloorMs(answer.header, undefined, nowMs);
    loop.cadence = afterAnswer(loop.cadence, { fromMs, floorMs, backoff, random });
    loop.lastMiss = undefined;
    if (isOutcome(answer.snapshot)) close(loop, session);
    publish(loop, answer.snapshot);
  } catch (error) {
    if (session.stopped) return;
    const failure = toCallError(error);
    const nowMs = clock.now();
    const floorMs = nowMs + retryFloorOf(failure, nowMs);
    loop.cadence = afterMiss(loop.cadence, { fromMs: nowMs, floorMs, backoff, random });
    if (backoff.transientCodes.includes(failure.code)) {
      loop.lastMiss = failure;
      return;
    }
    close(loop, session);
    for (const follower of [...loop.followers]) follower.onFailure(failure);
  } finally {
    session.look = undefined;
  }
}

function publish<R, M>(loop: PollLoop<R, M>, snapshot: Snapshot<R, M>): void {
  const { known, options } = loop;
  const changed =
    known === undefined || !sameOperation(known.operation, snapshot.operation, options.registry);
  loop.known = snapshot;
  for (const follower of [...loop.followers]) follower.onLook(snapshot, changed);
}

function close<R, M>(loop: PollLoop<R, M>, session: Session): void {
  session.stopped = true;
  if (loop.session === session) loop.session = undefined;
}
