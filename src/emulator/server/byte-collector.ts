// SPDX-License-Identifier: Apache-2.0

/** Collects the bytes of a body. */
export interface ByteCollector {
  /** How many there are. */
  size(): number;
  add(chunk: Uint8Array): void;
  /** All of them. */
  bytes(): Uint8Array;
}

const MIN_CAPACITY = 4_096;
const EMPTY = new Uint8Array(0);

/**
 * Collects chunks in one growing buffer. Retaining the chunks themselves would retain the 64 KiB buffer behind each, so
 * that a body of tiny chunks would take a thousand times its size.
 */
export function createByteCollector(): ByteCollector {
  let buffer = EMPTY;
  let size = 0;
  return {
    size: () => size,
    add: (chunk) => {
      const needed = size + chunk.length;
      if (size === 0) {
        buffer = new Uint8Array(chunk); // a copy of its exact size: most bodies arrive in one chunk
      } else {
        if (needed > buffer.length) {
          const grown = new Uint8Array(Math.max(needed, buffer.length * 2, MIN_CAPACITY));
          grown.set(buffer.subarray(0, size));
          buffer = grown;
        }
        buffer.set(chunk, size);
      }
      size = needed;
    },
    bytes: () => (size === buffer.length ? buffer : buffer.subarray(0, size)),
  };
}
