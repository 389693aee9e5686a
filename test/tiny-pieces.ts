// SPDX-License-Identifier: Apache-2.0

const BUFFER_BYTES = 16 * 1024;

/**
 * Gives away pieces of a byte, each the view of a buffer of its own, as each read of a socket makes one. Returns the most memory
 * that buffers took meanwhile, in bytes: {@link memoryIfKept} where the pieces themselves are kept.
 */
export function memoryOfPieces(count: number, take: (piece: Uint8Array) => void): number {
  const before = process.memoryUsage().arrayBuffers;
  let highest = 0;
  for (let at = 0; at < count; at++) {
    take(new Uint8Array(BUFFER_BYTES).subarray(0, 1));
    if (at % 5_000 === 0) highest = Math.max(highest, process.memoryUsage().arrayBuffers - before);
  }
  return Math.max(highest, process.memoryUsage().arrayBuffers - before);
}

/** What so many pieces hold on to if they are kept. Half of it leaves enough for what is not collected yet. */
export const memoryIfKept = (count: number) => count * BUFFER_BYTES;
