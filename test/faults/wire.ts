// SPDX-License-Identifier: Apache-2.0
import type { Socket } from "node:net";
import { type FrameWriter, GRPC_HEAD } from "../transport/grpc-frame-peer.js";

// What servers of the table say: pieces of HTTP/1.1, HTTP/2 and gRPC, right and wrong ones.

/** Flags and types of HTTP/2 frames that the table needs. RFC 9113, section 6. */
export const DATA = 0;
export const HEADERS = 1;
export const CONTINUATION = 9;
export const END_STREAM = 1;
export const END_HEADERS = 4;

/** The largest payload of a frame that a client takes unless it says otherwise. */
const MAX_FRAME = 16_384;

/** One HTTP/2 frame; `length` when it lies about its payload. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array,
  length = payload.length,
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A gRPC message with its prefix. */
export function grpcMessage(bytes: Uint8Array, flags = 0, length = bytes.length): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flags, 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, bytes]);
}

/** A whole gRPC answer with status OK, of these bytes behind these headers. */
export function grpcAnswer(bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}) {
  return (wire: FrameWriter, stream: number): void => {
    wire.headers(stream, { ...GRPC_HEAD, ...headers });
    for (let at = 0; at < bytes.length; at += MAX_FRAME)
      wire.data(stream, bytes.subarray(at, at + MAX_FRAME));
    wire.headers(stream, { "grpc-status": "0" }, { last: true });
  };
}

/** A page of HTML as HTTP/2 has it. */
export function htmlOverHttp2(status: number) {
  return (wire: FrameWriter, stream: number): void => {
    wire.headers(stream, { ":status": String(status), "content-type": "text/html" });
    wire.socket.write(frame(DATA, END_STREAM, stream, Buffer.from(HTML)));
  };
}

export const HTML = "<!doctype html><title>Sign in</title><p>Please sign in to the network.";

/** Writes `piece(n)` as fast as the socket takes it, for as long as it lives. */
export function endless(socket: Socket, piece: (n: number) => string | Uint8Array): void {
  let n = 0;
  const more = () => {
    while (socket.writable && socket.write(piece(n++)));
  };
  socket.on("drain", more);
  more();
}

/** Writes `piece` again and again, every few milliseconds, for as long as the socket lives. */
export function drip(socket: Socket, piece: string | Uint8Array): void {
  const timer = setInterval(() => socket.write(piece), 5);
  socket.once("close", () => clearInterval(timer));
}
