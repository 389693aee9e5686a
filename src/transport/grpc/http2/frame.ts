// SPDX-License-Identifier: Apache-2.0
import { promisify } from "node:util";
import { gunzip as gunzipWithCallback } from "node:zlib";
import { Code, ConnectError } from "@connectrpc/connect";
import { MAX_PIECES } from "../../../budgets/budgets.js";
import type { CallError } from "../../../errors/call-error.js";
import { fieldsOf } from "../../../errors/connection.js";
import { limitError } from "../engine.js";

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
   * @throws CallError `ResourceExhausted` for a message above the limit, as soon as its length is known, or in too many pieces;
   * ConnectError `Internal` for flags that gRPC does not define.
   */
  push(chunk: Uint8Array): Frame[];
  /** Bytes of a message that is not complete yet. Anything but 0 at the end of a response is a truncated message. */
  pendingBytes(): number;
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
 * The message of a chunk that is exactly one: how most unary responses arrive, so that they need no reader. `undefined`
 * for any other chunk.
 *
 * @throws ConnectError as `FrameReader.push`
 */
export function wholeFrameIn(chunk: Uint8Array, maxBytes: number): Frame | undefined {
  if (chunk.length < PREFIX_BYTES || lengthIn(chunk, maxBytes) !== chunk.length - PREFIX_BYTES)
    return undefined;
  return { compressed: chunk[0] === COMPRESSED, bytes: copied(chunk, PREFIX_BYTES, chunk.length) };
}

/**
 * Creates a reader that rejects messages of more than `maxBytes` (as they come, before they are decompressed).
 *
 * Each piece is copied into the message at once: thousands of tiny pieces would cost many times their bytes. The message
 * grows with what has come, not with what its prefix promises, so that it never takes more than twice its length.
 */
export function createFrameReader(maxBytes: number): FrameReader {
  const prefix = new Uint8Array(PREFIX_BYTES);
  let prefixBytes = 0;
  let length = 0;
  let body = new Uint8Array(0);
  let bodyBytes = 0;
  /** What has come of the message so far, in pieces. */
  let pieces = 0;

  /** Takes as much of `chunk` as the prefix or the message still lacks, and returns how much that was. */
  const take = (chunk: Uint8Array): number => {
    if (prefixBytes < PREFIX_BYTES) {
      const part = chunk.subarray(0, PREFIX_BYTES - prefixBytes);
      prefix.set(part, prefixBytes);
      prefixBytes += part.length;
      if (prefixBytes === PREFIX_BYTES) length = lengthIn(prefix, maxBytes);
      return part.length;
    }
    const part = chunk.subarray(0, length - bodyBytes);
    body = grown(body, bodyBytes + part.length, length);
    body.set(part, bodyBytes);
    bodyBytes += part.length;
    return part.length;
  };
  const takeFrame = (): Frame => {
    const frame = { compressed: prefix[0] === COMPRESSED, bytes: body };
    prefixBytes = 0;
    body = new Uint8Array(0);
    bodyBytes = 0;
    pieces = 0;
    return frame;
  };

  return {
    pendingBytes: () => prefixBytes + bodyBytes,
    push(chunk: Uint8Array) {
      const frames: Frame[] = [];
      if (++pieces > MAX_PIECES)
        throw limitError(`the response's message comes in more than ${MAX_PIECES} pieces`);
      for (let at = 0; at < chunk.length; ) {
        at += take(chunk.subarray(at));
        if (prefixBytes === PREFIX_BYTES && bodyBytes === length) frames.push(takeFrame());
      }
      return frames;
    },
  };
}

/** `bytes` with space for `neededBytes`: twice as much as before, but never more than `maxBytes`. */
function grown(
  bytes: Uint8Array<ArrayBuffer>,
  neededBytes: number,
  maxBytes: number,
): Uint8Array<ArrayBuffer> {
  if (neededBytes <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.min(maxBytes, Math.max(neededBytes, 2 * bytes.length)));
  larger.set(bytes);
  return larger;
}

/**
 * The message of a frame, decompressed if need be. An empty message is taken as it is, where gzip is declared.
 *
 * @throws ConnectError `Internal` when the frame is compressed in a way that `encoding` (the header `grpc-encoding`)
 * does not declare or that is not gzip, and when gzip finds garbage; `ResourceExhausted` above `maxBytes`.
 */
export async function messageOf(
  frame: Frame,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  if (!frame.compressed) return frame.bytes;
  if (encoding !== "gzip") {
    const declared =
      encoding === undefined ? "declares no grpc-encoding" : `declares grpc-encoding ${encoding}`;
    throw new ConnectError(
      `the response has a compressed message but ${declared}; expected identity or gzip`,
      Code.Internal,
    );
  }
  if (frame.bytes.length === 0) return frame.bytes;
  try {
    const bytes = await gunzip(frame.bytes, { maxOutputLength: maxBytes });
    return copied(bytes, 0, bytes.length);
  } catch (error) {
    if (fieldsOf(error).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(undefined, maxBytes);
    throw new ConnectError(
      "the response's message is not valid gzip",
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
      `the response is not framed as gRPC: a message has flags 0x${hex}; expected 0 or 1`,
      Code.Internal,
    );
  }
  let length = 0;
  for (let at = 1; at < PREFIX_BYTES; at++) length = length * 256 + (prefix[at] ?? 0);
  if (length > maxBytes) throw tooLarge(length, maxBytes);
  return length;
}

function tooLarge(length: number | undefined, maxBytes: number): CallError {
  const size = length === undefined ? "decompresses to more" : `has ${length} bytes, more`;
  return limitError(`the response's message ${size} than maxResponseBytes (${maxBytes})`);
}

/** A plain Uint8Array, not a Buffer, so that `bytes` fields are equal whichever transport read them. */
function copied(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start);
  copy.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
  return copy;
}
