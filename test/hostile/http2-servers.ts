// SPDX-License-Identifier: Apache-2.0
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { frame, hpack } from "../http2-frames.js";
import type { HostileServer } from "./http1-servers.js";

const SETTINGS = frame(4, 0, 0);
const setting = (id: number, value: number) => {
  const payload = Buffer.alloc(6);
  payload.writeUInt16BE(id);
  payload.writeUInt32BE(value, 2);
  return frame(4, 0, 0, payload);
};
const GRPC = { ":status": "200", "content-type": "application/grpc" };
const HEAD = frame(1, 4, 1, hpack(GRPC));
const TRAILERS = frame(1, 5, 1, hpack({ "grpc-status": "0" }));
const message = (flags: number, length: number, bytes: Uint8Array = Buffer.alloc(0)) => {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flags);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, bytes]);
};
const data = (bytes: Uint8Array, flags = 0) => frame(0, flags, 1, bytes);

const says =
  (...frames: Uint8Array[]) =>
  (socket: Socket) => {
    socket.write(Buffer.concat([SETTINGS, frame(4, 1, 0), ...frames]));
    socket.end();
  };
const times = (count: number, bytes: Uint8Array) => Array.from({ length: count }, () => bytes);

const broken = [
  "unavailable",
  "internal",
  "unknown",
  "data-loss",
  "cancelled-call",
  "rate-limited",
  "response-too-large",
];
/** Node's own session neither reads nor writes after such a breach, and tells nobody: the call's deadline ends it. */
const silent = [...broken, "deadline-exceeded"];
const anything = ["answer", ...broken];

/** 600 headers of 100 bytes, which HTTP/2 counts as more. */
const MANY = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`x-${n}`, "y".repeat(100)]));
const HEAD_OF_80_KB = Buffer.concat(continued(hpack({ ...GRPC, ...MANY })));
const TRAILERS_OF_80_KB = Buffer.concat(continued(hpack({ "grpc-status": "0", ...MANY }), 1));

/** Servers of HTTP/2, as frames. Each ends the connection by itself. */
export const HTTP2_SERVERS: readonly HostileServer[] = [
  { title: "no SETTINGS", respond: (socket) => socket.end(HEAD), ends: broken },
  {
    title: "HTTP/1.1 over HTTP/2",
    respond: (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
    ends: broken,
  },
  { title: "DATA before HEADERS", respond: says(data(message(0, 0)), TRAILERS), ends: silent },
  { title: "a stream that nobody opened", respond: says(frame(1, 4, 9, hpack(GRPC))), ends: broken },
  {
    title: "a push",
    respond: says(frame(5, 4, 1, Buffer.concat([Buffer.from([0, 0, 0, 2]), hpack(GRPC)]))),
    ends: broken,
  },
  {
    title: "a frame of a size that was not agreed",
    respond: says(HEAD, data(Buffer.alloc(20_000))),
    ends: silent,
  },
  {
    title: "CONTINUATION without end",
    respond: says(
      frame(1, 0, 1, hpack(GRPC)),
      ...times(2_000, frame(9, 0, 1, hpack({ a: "b".repeat(100) }))),
    ),
    ends: broken,
  },
  { title: "ten thousand SETTINGS", respond: says(...times(10_000, SETTINGS)), ends: broken },
  {
    title: "ten thousand PINGs",
    respond: says(...times(10_000, frame(6, 0, 0, Buffer.alloc(8)))),
    ends: broken,
  },
  {
    title: "ten thousand empty DATA",
    respond: says(HEAD, ...times(10_000, data(Buffer.alloc(0)))),
    ends: broken,
  },
  {
    title: "ten thousand PRIORITY",
    respond: says(...times(10_000, frame(2, 0, 1, Buffer.alloc(5)))),
    ends: broken,
  },
  {
    title: "ten thousand WINDOW_UPDATE",
    respond: says(...times(10_000, frame(8, 0, 0, Buffer.from([0, 0, 0, 1])))),
    ends: broken,
  },
  {
    title: "a window beyond 2^31",
    respond: says(...times(3, frame(8, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff])))),
    ends: broken,
  },
  { title: "a window of 2^32", respond: says(setting(4, 2 ** 32 - 1)), ends: broken },
  { title: "no streams at once", respond: says(setting(3, 0)), ends: broken },
  {
    title: "a header table of 4 GB",
    respond: says(setting(1, 2 ** 32 - 1), HEAD, data(message(0, 0)), TRAILERS),
    ends: anything,
  },
  {
    title: "frames of no known type",
    respond: says(
      ...times(1_000, frame(200, 255, 1, Buffer.alloc(100))),
      HEAD,
      data(message(0, 0)),
      TRAILERS,
    ),
    ends: anything,
  },
  {
    title: "HPACK of noise",
    respond: says(frame(1, 4, 1, Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 7919) % 256)))),
    ends: silent,
  },
  {
    title: "headers in upper case",
    respond: says(frame(1, 4, 1, hpack({ ":status": "200", "Content-Type": "application/grpc" }))),
    ends: broken,
  },
  {
    title: "two statuses",
    respond: says(frame(1, 5, 1, hpack({ ...GRPC, "grpc-status": "0", "grpc-Status": "5" }))),
    ends: broken,
  },
  {
    title: "a status of no number",
    respond: says(frame(1, 5, 1, hpack({ ...GRPC, "grpc-status": "OK" }))),
    ends: broken,
  },
  {
    title: "a status of 10^9",
    respond: says(frame(1, 5, 1, hpack({ ...GRPC, "grpc-status": "1000000000" }))),
    ends: broken,
  },
  {
    title: "details that are not base64",
    respond: says(frame(1, 5, 1, hpack({ ...GRPC, "grpc-status": "3", "grpc-status-details-bin": "%%%" }))),
    ends: ["invalid-argument"],
  },
  {
    title: "a message of % signs",
    respond: says(frame(1, 5, 1, hpack({ ...GRPC, "grpc-status": "3", "grpc-message": "%".repeat(100) }))),
    ends: ["invalid-argument"],
  },
  { title: "a message of 4 GB", respond: says(HEAD, data(message(0, 2 ** 32 - 1)), TRAILERS), ends: broken },
  {
    title: "a message with unknown flags",
    respond: says(HEAD, data(message(0xfe, 0)), TRAILERS),
    ends: broken,
  },
  {
    title: "a gzip bomb",
    respond: says(frame(1, 4, 1, hpack({ ...GRPC, "grpc-encoding": "gzip" })), ...bomb(), TRAILERS),
    ends: broken,
  },
  {
    title: "a compressed message without a coding",
    respond: says(HEAD, data(message(1, 3, Buffer.from("abc"))), TRAILERS),
    ends: broken,
  },
  {
    title: "two messages",
    respond: says(HEAD, data(message(0, 0)), data(message(0, 0)), TRAILERS),
    ends: [...broken, "unimplemented"],
  },
  {
    title: "half a message",
    respond: says(HEAD, data(message(0, 9, Buffer.from("abc"))), TRAILERS),
    ends: broken,
  },
  {
    title: "bytes that are no message",
    respond: says(HEAD, data(message(0, 3, Buffer.from([0xff, 0xff, 0xff]))), TRAILERS),
    ends: broken,
  },
  {
    title: "a message of many fields",
    respond: says(HEAD, ...cut(message(0, 600_000, Buffer.alloc(600_000, Buffer.from([0x78, 1])))), TRAILERS),
    ends: ["response-too-large"],
  },
  {
    title: "two thousand headers",
    respond: says(
      ...continued(
        hpack({ ...GRPC, ...Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`x-${n}`, "y"])) }),
      ),
      data(message(0, 0)),
      TRAILERS,
    ),
    ends: anything,
  },
  {
    title: "headers of 80 KB",
    respond: says(HEAD_OF_80_KB, data(message(0, 0)), TRAILERS),
    ends: ["response-too-large"],
  },
  {
    title: "trailers of 80 KB",
    respond: says(HEAD, data(message(0, 0)), TRAILERS_OF_80_KB),
    ends: ["response-too-large"],
  },
  {
    title: "groups in groups",
    respond: says(HEAD, data(message(0, 8_000, Buffer.alloc(8_000, 0x0b))), TRAILERS),
    ends: broken,
  },
  {
    title: "pieces of one byte",
    respond: says(HEAD, ...times(5_000, data(Buffer.alloc(1))), TRAILERS),
    ends: [...broken, "unimplemented"],
  },
  {
    title: "a page",
    respond: says(
      frame(1, 4, 1, hpack({ ":status": "502", "content-type": "text/html" })),
      data(Buffer.from("<html>"), 1),
    ),
    ends: ["unavailable"],
  },
  {
    title: "GOAWAY with 16 KB of text",
    respond: says(frame(7, 0, 0, Buffer.alloc(16_000, 0x1b))),
    ends: broken,
  },
];

/** 32 MB of zeros in frames of 16 KB. */
function bomb(): Buffer[] {
  const zipped = gzipSync(Buffer.alloc(32 * 1024 * 1024));
  return cut(message(1, zipped.length, zipped));
}

/** A message in DATA frames that HTTP/2 allows. */
function cut(bytes: Uint8Array): Buffer[] {
  return piecesOf(bytes).map((piece) => data(piece));
}

/** Headers in a frame and its continuations. */
function continued(block: Uint8Array, flags = 0): Buffer[] {
  const pieces = piecesOf(block);
  return pieces.map((piece, at) =>
    frame(at === 0 ? 1 : 9, (at === pieces.length - 1 ? 4 : 0) | (at === 0 ? flags : 0), 1, piece),
  );
}

function piecesOf(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 16_000) pieces.push(bytes.subarray(at, at + 16_000));
  return pieces;
}
