// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "../time/clock.js";

/** A running clock that can also be moved forward. */
export interface AdvancingClock extends Clock {
  /** Moves the time forward by `ms`. Sleepers that are due wake up, the earliest first. */
  advance(ms: number): void;
}

interface Timer {
  readonly endMs: number;
  arm(): void;
  stop(): void;
}

/** Wraps a clock so that it can be moved forward. */
export function createAdvancingClock(base: Clock): AdvancingClock {
  let aheadMs = 0;
  const timers = new Set<Timer>();
  const now = () => base.now() + aheadMs;

  const startTimer = (ms: number, onEnd: () => void) => {
    let stopTimer = () => {};
    const timer: Timer = {
      endMs: now() + ms,
      stop: () => stopTimer(),
      arm: () => {
        stopTimer = base.startTimer(timer.endMs - now(), () => {
          timers.delete(timer);
          onEnd();
        });
      },
    };
    timers.add(timer);
    timer.arm();
    return () => {
      timers.delete(timer);
      timer.stop();
    };
  };

  return {
    now,
    startTimer,
    advance: (ms) => {
      aheadMs += ms;
      for (const timer of [...timers].sort((a, b) => a.endMs - b.endMs)) {
        timer.stop();
        timer.arm();
      }
    },
  };
}
