// SPDX-License-Identifier: Apache-2.0
import { checkNumber, rejectUnknownKeys } from "../errors/options.js";
import { type Clock, sleep, startSoon } from "../time/clock.js";

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Timers and sleeps under way, as the time each one ends (milliseconds since the epoch), the earliest first. */
  readonly pending: readonly number[];
  /** The delay of every timer and sleep so far, in order, in milliseconds. */
  readonly sleeps: readonly number[];
  /**
   * Resolves after `ms` milliseconds of this clock, at once for 0 or less: for a handler of a test that takes its time. When
   * `signal` aborts, rejects with its reason at once.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Moves the time on by `ms`, ending each timer and sleep at its own moment, in order; what those wake runs before the
   * next one ends, calls of a fake included. Time does not wait for a network: see `whenSleeping`.
   *
   * @throws TypeError for anything but a finite number, 0 or more; the time stays as it is
   */
  advance(ms: number): Promise<void>;
  /** Resolves once at least `count` timers or sleeps are under way: how a test waits for code that does real I/O. @default 1 */
  whenSleeping(count?: number): Promise<void>;
}

/** Options of {@link createFakeClock}. */
export interface FakeClockOptions {
  /**
   * The time at the start, in milliseconds since the epoch. A fraction by default, since the clock of a machine has
   * one: code that only works with whole milliseconds fails in tests, too. @default 1234.567
   */
  readonly startMs?: number;
}

interface Sleeper {
  readonly endMs: number;
  wake(): void;
}

/** Turns of the microtask queue that woken code gets before time goes on: about ten calls of a fake, one after the other. */
const TURNS = 500;

const DEFAULT_START_MS = 1234.567;

/** The latest time that a `Date` can represent (ECMA-262, time values); the clock moves at most so far at once. */
const MAX_TIME_MS = 8.64e15;
const ANY_NUMBER = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

/** Sums of fractions differ by their rounding: two moments so close are the same one. */
const SAME_MOMENT_MS = 1e-3;

/** Creates a clock for tests: a timer ends only when `advance` passes its end. @throws TypeError for a bad option */
export function createFakeClock(options: FakeClockOptions = {}): FakeClock {
  rejectUnknownKeys("createFakeClock", options, { startMs: true } satisfies Record<
    keyof FakeClockOptions,
    true
  >);
  const { startMs = DEFAULT_START_MS } = options;
  checkNumber("startMs", startMs, { min: -MAX_TIME_MS, max: MAX_TIME_MS });
  let nowMs = startMs;
  let sleepers: Sleeper[] = [];
  const sleeps: number[] = [];
  let watchers: { count: number; resolve(): void }[] = [];

  const changed = () => {
    watchers = watchers.filter((watcher) => {
      if (sleepers.length < watcher.count) return true;
      watcher.resolve();
      return false;
    });
  };
  const settle = async () => {
    for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
  };

  const startTimer = (ms: number, onEnd: () => void) => {
    checkNumber("startTimer: ms", ms, ANY_NUMBER);
    sleeps.push(ms);
    if (ms <= 0) return startSoon(onEnd);
    const sleeper: Sleeper = { endMs: nowMs + ms, wake: onEnd };
    const at = sleepers.findIndex((other) => other.endMs > sleeper.endMs);
    sleepers.splice(at < 0 ? sleepers.length : at, 0, sleeper);
    changed();
    return () => {
      sleepers = sleepers.filter((other) => other !== sleeper);
    };
  };

  return {
    now: () => nowMs,
    get pending() {
      return sleepers.map((sleeper) => sleeper.endMs);
    },
    sleeps,
    startTimer,
    sleep: (ms, signal) => sleep({ now: () => nowMs, startTimer }, ms, signal),
    advance: async (ms) => {
      checkNumber("advance: ms", ms, { min: 0, max: MAX_TIME_MS });
      const untilMs = nowMs + ms;
      await settle();
      const isDue = (sleeper: Sleeper) => sleeper.endMs <= untilMs + SAME_MOMENT_MS;
      for (let next = sleepers[0]; next !== undefined && isDue(next); next = sleepers[0]) {
        sleepers.shift();
        nowMs = Math.max(nowMs, next.endMs);
        next.wake();
        await settle();
      }
      nowMs = Math.max(nowMs, untilMs);
    },
    whenSleeping: async (count = 1) => {
      checkNumber("whenSleeping: count", count, { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true });
      if (sleepers.length >= count) return;
      await new Promise<void>((resolve) => {
        watchers.push({ count, resolve });
      });
    },
  };
}
