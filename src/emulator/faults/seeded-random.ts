// SPDX-License-Identifier: Apache-2.0

/**
 * Numbers in [0, 1) that are the same for the same seed on every machine (mulberry32): what went wrong in a
 * soak test can be made to go wrong again.
 */
export function createSeededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
