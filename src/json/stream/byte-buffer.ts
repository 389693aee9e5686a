// SPDX-License-Identifier: Apache-2.0

/** Bytes that came in pieces. */
export interface ByteBuffer {
  readonly size: number;
  add(chunk: Uint8Array): void;
  /** Gives all bytes, and begins anew. */
  take(): Uint8Array;
}

/**
 * Gathers bytes. Pieces are copied together, so that one of a byte does not keep the 64 KiB alive that it was read into;
 * memory is twice the bytes at most. A single piece is returned as it is.
 */
export function createByteBuffer(): ByteBuffer {
  let content: Uint8Array = new Uint8Array();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add: (chunk) => {
      const end = size + chunk.byteLength;
      if (size === 0) content = chunk;
      else {
        content = withRoom(content, size, end);
        content.set(chunk, size);
      }
      size = end;
    },
    take: () => {
      const taken = content.subarray(0, size);
      content = new Uint8Array();
      size = 0;
      return taken;
    },
  };
}

/** A buffer for `needed` bytes that begins with the `used` first bytes of `buffer`: a full one, or one of our own. */
function withRoom(buffer: Uint8Array, used: number, needed: number): Uint8Array {
  if (needed <= buffer.byteLength) return buffer;
  const larger = new Uint8Array(Math.max(needed, 2 * used));
  larger.set(buffer.subarray(0, used));
  return larger;
}
