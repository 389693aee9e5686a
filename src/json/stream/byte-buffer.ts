// SPDX-License-Identifier: Apache-2.0

/** Bytes that came in pieces. */
export interface ByteBuffer {
  readonly size: number;
  add(chunk: Uint8Array): void;
  /** Gives all bytes, or the first `maxBytes` of them, and begins anew. */
  take(maxBytes?: number): Uint8Array;
}

const NOTHING: Uint8Array = new Uint8Array();

/**
 * Gathers bytes. Pieces are copied together, so that one of a byte does not keep the 64 KiB alive that it was read into;
 * memory is twice the bytes at most. A single piece is returned as it is.
 */
export function createByteBuffer(): ByteBuffer {
  let content = NOTHING;
  const buffer: ByteBuffer & { size: number } = {
    size: 0,
    add: (chunk) => {
      const end = buffer.size + chunk.byteLength;
      if (buffer.size === 0) content = chunk;
      else {
        content = withRoom(content, buffer.size, end);
        content.set(chunk, buffer.size);
      }
      buffer.size = end;
    },
    take: (maxBytes = buffer.size) => {
      const end = Math.min(maxBytes, buffer.size);
      const taken = end === content.byteLength ? content : content.subarray(0, end);
      content = NOTHING;
      buffer.size = 0;
      return taken;
    },
  };
  return buffer;
}

/** A buffer for `needed` bytes that begins with the `used` first bytes of `buffer`: a full one, or one of our own. */
function withRoom(buffer: Uint8Array, used: number, needed: number): Uint8Array {
  if (needed <= buffer.byteLength) return buffer;
  const larger = new Uint8Array(Math.max(needed, 2 * used));
  larger.set(buffer.subarray(0, used));
  return larger;
}
