// SPDX-License-Identifier: Apache-2.0

/** A pause that a sum of fractions would swallow lasts so long, or its timer would end again and again at one moment. */
const LEAST_MS = 0.001;

/**
 * A clock for simulations: as `createFakeClock`, with a heap, since it holds ten thousand timers. `run` ends each timer at its own
 * moment, and lets the code that it wakes come to rest before time goes on.
 */
export function createSimulatedClock() {
  const heap = [];
  let nowMs = 0.567; // a machine's clock has fractions
  let order = 0;

  const isBefore = (a, b) => a.endMs < b.endMs || (a.endMs === b.endMs && a.order < b.order);
  const swap = (a, b) => {
    [heap[a], heap[b]] = [heap[b], heap[a]];
  };
  const push = (timer) => {
    let at = heap.push(timer) - 1;
    for (let up = (at - 1) >> 1; at > 0 && isBefore(heap[at], heap[up]); up = (at - 1) >> 1) {
      swap(at, up);
      at = up;
    }
  };
  const pop = () => {
    const first = heap[0];
    const last = heap.pop();
    if (heap.length > 0) {
      heap[0] = last;
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        let least = at;
        if (left < heap.length && isBefore(heap[left], heap[least])) least = left;
        if (right < heap.length && isBefore(heap[right], heap[least])) least = right;
        if (least === at) break;
        swap(at, least);
        at = least;
      }
    }
    return first;
  };

  return {
    now: () => nowMs,
    startTimer: (ms, onEnd) => {
      const timer = { endMs: nowMs + Math.max(LEAST_MS, ms), order: order++, onEnd };
      if (ms !== Number.POSITIVE_INFINITY) push(timer);
      return () => {
        timer.onEnd = undefined;
      };
    },
    run: async (untilMs) => {
      while (heap.length > 0 && heap[0].endMs <= untilMs) {
        nowMs = Math.max(nowMs, heap[0].endMs);
        // Timers of the same moment end together, as those of an event loop do.
        while (heap.length > 0 && heap[0].endMs <= nowMs) pop().onEnd?.();
        await new Promise(setImmediate);
      }
      nowMs = untilMs;
    },
  };
}

/** A random number generator with a seed (mulberry32), so that a run can be repeated. */
export function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
