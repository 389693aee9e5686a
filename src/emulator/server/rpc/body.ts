// SPDX-License-Identifier: Apache-2.0
import { createByteCollector } from "../byte-collector.js";

/** Flags (one byte) and length (four, big-endian) in front of each message of gRPC, gRPC-Web and Connect's streams. */
const PREFIX_BYTES = 5;

/** Limits and callbacks for a request's bytes. */
export interface BodyOptions {
  readonly maxBytes: number;
  /** Called with the size of each chunk. */
  onBytes(count: number): void;
}

/**
 * Re-chunks a body into whole messages, however small the received chunks: connect-node retains these, each with the
 * buffer that it was read into (docs/upstream.md). From the first message above `maxBytes` on, chunks pass unchanged, for
 * connect-node to reject.
 */
export async function* enveloped(
  body: AsyncIterable<Uint8Array>,
  { maxBytes, onBytes }: BodyOptions,
): AsyncGenerator<Uint8Array, void> {
  let pending = createByteCollector();
  let isTooLarge = false;
  for await (const chunk of body) {
    onBytes(chunk.length);
    if (isTooLarge) {
      yield chunk;
      continue;
    }
    pending.add(chunk);
    let bytes = pending.bytes();
    for (let length = messageLength(bytes); length !== undefined; length = messageLength(bytes)) {
      isTooLarge = length > maxBytes + PREFIX_BYTES;
      if (isTooLarge || bytes.length < length) break;
      yield bytes.slice(0, length);
      bytes = bytes.subarray(length);
    }
    if (isTooLarge) yield bytes.slice();
    else if (bytes.length < pending.size()) {
      const rest = bytes;
      pending = createByteCollector();
      pending.add(rest);
    }
  }
  if (!isTooLarge && pending.size() > 0) yield pending.bytes();
}

/** A body as one chunk; above `maxBytes` it passes unchanged, for connect-node to reject. */
export async function* whole(
  body: AsyncIterable<Uint8Array>,
  { maxBytes, onBytes }: BodyOptions,
): AsyncGenerator<Uint8Array, void> {
  const pending = createByteCollector();
  let isTooLarge = false;
  for await (const chunk of body) {
    onBytes(chunk.length);
    if (isTooLarge) {
      yield chunk;
      continue;
    }
    pending.add(chunk);
    isTooLarge = pending.size() > maxBytes;
    if (isTooLarge) yield pending.bytes();
  }
  if (!isTooLarge) yield pending.bytes();
}

function messageLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < PREFIX_BYTES) return undefined;
  return PREFIX_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
}
