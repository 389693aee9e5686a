// SPDX-License-Identifier: Apache-2.0

import { type Backoff, backoffMs, type Random } from "../../retry/backoff.js";
import { listenToAbort } from "../../time/abort.js";
import { type Clock, sleep } from "../../time/clock.js";

/** Permission for one call to run. */
export interface Permit {
  /** Returns the permit after the server took the call. */
  accepted(): void;
  /** Returns the permit after a "too many requests" of the server: all pause, for `minDelayMs` at least. */
  rejected(minDelayMs: number): void;
}

/** Lets many calls run side by side, and slows them down together. */
export interface Throttle {
  /** Waits for a permit. Rejects with the signal's reason when it aborts. */
  enter(signal: AbortSignal): Promise<Permit>;
}

/** What a throttle is made of. */
export interface ThrottleOptions {
  /** How many permits are given out at one time. */
  readonly maxConcurrency: number;
  /** The pauses after rejections, each longer than the one before. */
  readonly backoff: Backoff;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Creates a throttle. A rejection halves the number of permits and begins a pause; rejections of calls that began before the
 * pause are part of the same one. Each round of accepted calls adds one permit and forgets one rejection.
 */
export function createThrottle({ maxConcurrency, backoff, clock, random }: ThrottleOptions): Throttle {
  const queue: (() => void)[] = [];
  let allowed = maxConcurrency;
  let running = 0;
  let accepted = 0;
  let pauses = 0;
  let step = 0;
  let resumeMs = 0;

  const wakeNext = () => {
    for (let free = allowed - running; free > 0 && queue.length > 0; free--) queue.shift()?.();
  };
  const leave = () => {
    running -= 1;
    wakeNext();
  };
  const widen = () => {
    accepted += 1;
    if (accepted < allowed) return;
    accepted = 0;
    step = Math.max(0, step - 1);
    allowed = Math.min(maxConcurrency, allowed + 1);
  };
  const narrow = () => {
    accepted = 0;
    pauses += 1;
    resumeMs = clock.now() + backoffMs(backoff, step, random);
    step += 1;
    allowed = Math.max(1, Math.floor(allowed / 2));
  };

  return {
    async enter(signal) {
      signal.throwIfAborted();
      for (let pausedUntilMs = 0; ; ) {
        const pauseMs = resumeMs - clock.now();
        // A pause that has ended is over, whatever the clock says: fake timers may not move it.
        if (pauseMs > 0 && resumeMs > pausedUntilMs) {
          pausedUntilMs = resumeMs;
          await sleep(clock, pauseMs, signal);
        } else if (running < allowed) break;
        else await queued(queue, signal);
      }
      running += 1;
      const pausesBefore = pauses;
      return {
        accepted() {
          if (pausesBefore === pauses) widen();
          leave();
        },
        rejected(minDelayMs) {
          if (pausesBefore === pauses) narrow();
          resumeMs = Math.max(resumeMs, clock.now() + minDelayMs);
          leave();
        },
      };
    },
  };
}

/** Resolves once it is called from the queue; an abort takes it out. */
function queued(queue: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      queue.splice(queue.indexOf(wake), 1);
      reject(signal.reason);
    };
    const wake = () => {
      stopListening();
      resolve();
    };
    const stopListening = listenToAbort(signal, onAbort);
    queue.push(wake);
  });
}
