// SPDX-License-Identifier: Apache-2.0
import { promisify } from "node:util";
import { gunzip as gunzipWithCallback } from "node:zlib";
import { Code, ConnectError } from "@connectrpc/connect";

/** Bytes in front of every message: one of flags, four of length (big-endian). gRPC over HTTP/2, Length-Prefixed-Message. */
const PREFIX_BYTES = 5;
const COMPRESSED = 1;

const gunzip = promisify(gunzipWithCallback);

/** A message as it came: `compressed` says that `bytes` are in the encoding of the header `grpc-encoding`. */
export interface Frame {
  readonly compressed: boolean;
  readonly bytes: Uint8Array;
}

/** Takes a response apart into its messages, wherever HTTP/2 cut it. */
export interface FrameReader {
  /**
   * The messages that `chunk` completes, in order.
   *
   * @throws ConnectError `ResourceExhausted` for a message above the limit, as soon as its length is known, and
   * `Internal` for flags that gRPC does not define.
   */
  push(chunk: Uint8Array): Frame[];
  /** Bytes of a message that is not complete yet. Anything but 0 at the end of a response is a truncated message. */
  readonly pendingBytes: number;
}

/** One uncompressed message with its prefix, ready to be sent. */
export function toFrame(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}

/**
 * The message of a chunk that is exactly one: how most unary answers arrive, so that they need no reader. `undefined`
 * for any other chunk.
 *
 * @throws ConnectError as `FrameReader.push`
 */
export function wholeFrameIn(chunk: Uint8Array, maxBytes: number): Frame | undefined {
  if (chunk.length < PREFIX_BYTES || lengthIn(chunk, maxBytes) !== chunk.length - PREFIX_BYTES)
    return undefined;
  return { compressed: chunk[0] === COMPRESSED, bytes: copied(chunk, PREFIX_BYTES, chunk.length) };
}

/** Creates a reader that refuses messages of more than `maxBytes` (as they come, before they are decompressed). */
export function createFrameReader(maxBytes: number): FrameReader {
  let chunks: Uint8Array[] = [];
  /** What has to be there before the next step: the prefix, then the prefix and the message. */
  let wantedBytes = PREFIX_BYTES;

  const reader = {
    pendingBytes: 0,
    push(chunk: Uint8Array) {
      const frames: Frame[] = [];
      chunks.push(chunk);
      reader.pendingBytes += chunk.length;
      while (reader.pendingBytes >= wantedBytes) {
        const bytes = joined(chunks);
        chunks = [bytes];
        if (wantedBytes === PREFIX_BYTES) wantedBytes += lengthIn(bytes, maxBytes);
        if (reader.pendingBytes < wantedBytes) break;
        // A copy of its own: a view would keep alive the whole read buffer that HTTP/2 cut it from.
        frames.push({ compressed: bytes[0] === COMPRESSED, bytes: copied(bytes, PREFIX_BYTES, wantedBytes) });
        reader.pendingBytes -= wantedBytes;
        chunks = reader.pendingBytes === 0 ? [] : [bytes.subarray(wantedBytes)];
        wantedBytes = PREFIX_BYTES;
      }
      return frames;
    },
  };
  return reader;
}

/**
 * The message of a frame, decompressed if need be. An empty message is never compressed, whatever its flag says.
 *
 * @throws ConnectError `Internal` when the frame is compressed in a way that `encoding` (the header `grpc-encoding`)
 * does not declare or that is not gzip, and when gzip finds garbage; `ResourceExhausted` above `maxBytes`.
 */
export async function messageOf(
  frame: Frame,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  if (!frame.compressed || frame.bytes.length === 0) return frame.bytes;
  if (encoding !== "gzip") {
    const declared =
      encoding === undefined ? "declares no grpc-encoding" : `declares grpc-encoding ${encoding}`;
    throw new ConnectError(
      `the answer has a compressed message but ${declared}; expected identity or gzip`,
      Code.Internal,
    );
  }
  try {
    const bytes = await gunzip(frame.bytes, { maxOutputLength: maxBytes });
    return copied(bytes, 0, bytes.length);
  } catch (error) {
    if (hasCode(error, "ERR_BUFFER_TOO_LARGE")) throw tooLarge(undefined, maxBytes);
    throw new ConnectError(
      "the answer's message is not valid gzip",
      Code.Internal,
      undefined,
      undefined,
      error,
    );
  }
}

function lengthIn(prefix: Uint8Array, maxBytes: number): number {
  const flags = prefix[0] ?? 0;
  if (flags > COMPRESSED) {
    const hex = flags.toString(16).padStart(2, "0");
    throw new ConnectError(
      `the answer is not framed as gRPC: a message has flags 0x${hex}; expected 0 or 1`,
      Code.Internal,
    );
  }
  const length = new DataView(prefix.buffer, prefix.byteOffset).getUint32(1);
  if (length > maxBytes) throw tooLarge(length, maxBytes);
  return length;
}

function tooLarge(length: number | undefined, maxBytes: number): ConnectError {
  const size = length === undefined ? "decompresses to more" : `has ${length} bytes, more`;
  return new ConnectError(
    `the answer's message ${size} than maxResponseBytes (${maxBytes})`,
    Code.ResourceExhausted,
  );
}

/** Not `instanceof RangeError`: under Jest, errors of Node itself belong to another realm. */
function hasCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

/** A plain Uint8Array, not a Buffer, so that `bytes` fields are equal whichever transport read them. */
function copied(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start);
  copy.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
  return copy;
}
