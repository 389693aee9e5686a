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

/**
 * Collects chunks in one growing buffer. Retaining the chunks themselves would retain the 64 KiB buffer behind each, so
 * that a body of tiny chunks would take a thousand times its size.
 */
export function createByteCollector(): ByteCollector {
  let buffer = new Uint8Array(0);
  let size = 0;
  return {
    size: () => size,
    add: (chunk) => {
      const needed = size + chunk.length;
      if (needed > buffer.length) {
        // Most bodies arrive in one chunk, so allocate exactly its size.
        const capacity = size === 0 ? needed : Math.max(needed, buffer.length * 2, MIN_CAPACITY);
        const grown = new Uint8Array(capacity);
        grown.set(buffer.subarray(0, size));
        buffer = grown;
      }
      buffer.set(chunk, size);
      size = needed;
    },
    bytes: () => buffer.subarray(0, size),
  };
}
