// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import { type CallError, toCallError } from "../codec/call-error.js";
import { retryFloorMs, retryFloorOf } from "../interceptors/retry-floor.js";
import type { Random } from "../policy/backoff.js";
import { createCadence } from "../policy/cadence.js";
import type { Clock } from "../policy/clock.js";
import type { PollingPolicy } from "./polling-options.js";
import { sameOperation } from "./same-operation.js";
import { isOutcome, type Snapshot } from "./snapshot.js";

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

/** The looks at one operation, shared by all who follow it. */
export interface PollLoop<R, M> {
  /** The last that was seen. */
  readonly known: Snapshot<R, M> | undefined;
  /** The failure of the last look, when that was one to look again after. */
  readonly lastMiss: CallError | undefined;
  /** Looks begun so far. */
  readonly looks: number;
  /** Takes what was seen some other way just now. */
  learn(snapshot: Snapshot<R, M>): void;
  /** Adds a follower; the first one starts the looking. @returns how to leave; the last to leave stops it at once. */
  join(follower: Follower<R, M>): () => void;
  /** Has the next look made now, since something was done to the operation. */
  hurry(): void;
}

/** One stretch of looking: from the first follower's arrival to the end, or to the last one's departure. */
interface Session {
  stopped: boolean;
  /** Ends the pause under way. */
  pause: AbortController | undefined;
  /** Gives up the look under way. */
  look: AbortController | undefined;
}

/** Creates the loop of one operation; `known` is what was seen of it in an earlier life. Nothing is sent before someone joins. */
export function createPollLoop<R, M>(options: PollLoopOptions<R, M>, known?: Snapshot<R, M>): PollLoop<R, M> {
  const { policy, clock, registry } = options;
  const cadence = createCadence(policy, clock, options.random);
  const followers = new Set<Follower<R, M>>();
  let lastMiss: CallError | undefined;
  let looks = 0;
  let session: Session | undefined;

  async function run(current: Session): Promise<void> {
    while (!current.stopped) {
      if (cadence.leftMs() > 0) await pause(current);
      else await look(current);
    }
  }

  async function pause(current: Session): Promise<void> {
    current.pause = new AbortController();
    // A rejection is a wake-up, to hurry or to stop; what is due is then worked out anew.
    await clock.sleep(cadence.leftMs(), current.pause.signal).catch(() => undefined);
    current.pause = undefined;
  }

  async function look(current: Session): Promise<void> {
    const startMs = clock.now();
    const lastDeadlineMs = Math.max(...[...followers].map((follower) => follower.deadlineMs));
    current.look = new AbortController();
    looks += 1;
    try {
      const { snapshot, header, waited } = await options.look(
        current.look.signal,
        Math.max(1, lastDeadlineMs - startMs),
      );
      if (current.stopped) return;
      current.look = undefined;
      lastMiss = undefined;
      const nowMs = clock.now();
      cadence.answered(waited ? startMs : nowMs, retryFloorMs(header, undefined, nowMs));
      if (isOutcome(snapshot)) close(current);
      publish(snapshot);
    } catch (error) {
      current.look = undefined;
      if (!current.stopped) miss(current, toCallError(error));
    }
  }

  function miss(current: Session, failure: CallError): void {
    if (policy.transientCodes.includes(failure.code)) {
      lastMiss = failure;
      cadence.missed(retryFloorOf(failure, clock.now()));
      return;
    }
    close(current);
    for (const follower of [...followers]) follower.onFailure(failure);
  }

  function publish(snapshot: Snapshot<R, M>): void {
    const changed = known === undefined || !sameOperation(known.operation, snapshot.operation, registry);
    known = snapshot;
    for (const follower of [...followers]) follower.onLook(snapshot, changed);
  }

  function close(current: Session): void {
    current.stopped = true;
    if (session === current) session = undefined;
  }

  return {
    get known() {
      return known;
    },
    get lastMiss() {
      return lastMiss;
    },
    get looks() {
      return looks;
    },
    learn(snapshot) {
      cadence.answered(clock.now(), 0);
      publish(snapshot);
    },
    join(follower) {
      followers.add(follower);
      if (session === undefined) {
        cadence.begin();
        session = { stopped: false, pause: undefined, look: undefined };
        void run(session);
      }
      return () => {
        if (!followers.delete(follower) || followers.size > 0 || session === undefined) return;
        const { pause, look } = session;
        close(session);
        pause?.abort();
        look?.abort();
      };
    },
    hurry() {
      cadence.restart();
      session?.pause?.abort();
    },
  };
}
