// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from "node:zlib";
import type { CallErrorReason } from "../../src/index.js";
import { GRPC_HEAD } from "../transport/grpc-frame-peer.js";
import { TELLS_BREACHES } from "../transport/tells-breaches.js";
import { ANSWER, ends, type Fault, na } from "./fault.js";
import { DATA, END_STREAM, frame, grpcAnswer, grpcMessage } from "./wire.js";

const NO_TRAILERS = na("JSON over HTTP/1.1 has no trailers");
const NO_STREAMS = na("HTTP/1.1 has no streams");
const NO_FRAMES = na("JSON has no message frames");
const EMPTY = grpcMessage(new Uint8Array(0));

const BREACH_IN_GRPC_JS = TELLS_BREACHES ? "internal" : "unavailable";

/** RST_STREAM, by code. RFC 9113, section 7; gRPC over HTTP/2, Errors. */
const RESETS: [code: number, name: string, reason: CallErrorReason][] = [
  [0, "NO_ERROR", "internal"],
  [1, "PROTOCOL_ERROR", "internal"],
  [2, "INTERNAL_ERROR", "internal"],
  [3, "FLOW_CONTROL_ERROR", "internal"],
  [4, "SETTINGS_TIMEOUT", "internal"],
  [5, "STREAM_CLOSED", "internal"],
  [6, "FRAME_SIZE_ERROR", "internal"],
  [7, "REFUSED_STREAM", "unavailable"],
  [8, "CANCEL", "cancelled-call"],
  [9, "COMPRESSION_ERROR", "internal"],
  [10, "CONNECT_ERROR", "internal"],
  [11, "ENHANCE_YOUR_CALM", "rate-limited"],
  [12, "INADEQUATE_SECURITY", "permission-denied"],
  [13, "HTTP_1_1_REQUIRED", "internal"],
  [0xc8, "0xc8", "internal"],
];

/** What only streams, trailers and message frames make possible. */
export const grpcOnlyFaults: readonly Fault[] = [
  ...RESETS.map(
    ([code, name, reason]): Fault => ({
      title: `RST_STREAM ${name}`,
      http2: (wire, stream) => wire.reset(stream, code),
      // A stream that the server refused is one that it has not processed: the call is sent again.
      endings: ends(NO_STREAMS, name === "REFUSED_STREAM" ? ANSWER : reason),
    }),
  ),
  {
    title: "RST_STREAM in the middle of a message",
    http2: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, grpcMessage(Buffer.from([1]), 0, 9));
      wire.reset(stream, 2);
    },
    endings: ends(NO_STREAMS, "internal"),
  },
  {
    title: "GOAWAY before the stream",
    http2: (wire) => wire.goaway(0, 0),
    endings: ends(NO_STREAMS, ANSWER),
  },
  {
    title: "GOAWAY after the stream, which is answered",
    http2: (wire, stream) => {
      wire.goaway(stream, 0);
      grpcAnswer(EMPTY)(wire, stream);
    },
    endings: ends(NO_STREAMS, ANSWER),
  },
  {
    title: "GOAWAY after the stream, and the end",
    http2: (wire, stream) => {
      wire.goaway(stream, 0);
      wire.socket.end();
    },
    endings: ends(NO_STREAMS, "unavailable"),
  },
  {
    title: "GOAWAY that asks to calm down",
    http2: (wire, stream) => {
      wire.goaway(stream, 11, "too_many_pings");
      wire.socket.end();
    },
    endings: ends(NO_STREAMS, "unavailable", "rate-limited"),
  },
  {
    title: "trailers missing",
    http2: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.socket.write(frame(DATA, END_STREAM, stream, EMPTY));
    },
    endings: ends(NO_TRAILERS, "internal"),
  },
  {
    title: "trailers without a grpc-status",
    http2: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, EMPTY);
      wire.headers(stream, { "x-trailer": "1" }, { last: true });
    },
    endings: ends(NO_TRAILERS, "internal", "unknown"),
  },
  {
    title: "headers alone, without a grpc-status",
    http2: (wire, stream) => wire.headers(stream, GRPC_HEAD, { last: true }),
    endings: ends(NO_TRAILERS, "internal", "unknown"),
  },
  {
    title: "a grpc-status that is no number",
    http2: (wire, stream) => wire.headers(stream, { ...GRPC_HEAD, "grpc-status": "fine" }, { last: true }),
    endings: ends(NO_TRAILERS, "unknown"),
  },
  {
    title: "a grpc-status that gRPC does not have",
    http2: (wire, stream) => wire.headers(stream, { ...GRPC_HEAD, "grpc-status": "17" }, { last: true }),
    endings: ends(NO_TRAILERS, "unknown"),
  },
  {
    title: "a compressed message without a declared encoding",
    http2: grpcAnswer(grpcMessage(gzipSync("x"), 1)),
    endings: ends(NO_FRAMES, "internal"),
  },
  {
    title: "flags that gRPC does not have",
    http2: grpcAnswer(grpcMessage(new Uint8Array(0), 0x80)),
    endings: ends(NO_FRAMES, "internal", ANSWER),
  },
  {
    title: "two messages for one",
    http2: grpcAnswer(Buffer.concat([EMPTY, EMPTY])),
    endings: ends(NO_FRAMES, "unimplemented"),
  },
  {
    title: "a message that does not end",
    http2: grpcAnswer(grpcMessage(Buffer.from([1]), 0, 9)),
    endings: ends(NO_FRAMES, "internal", "unimplemented"),
  },
  {
    title: "bytes after the message",
    http2: grpcAnswer(Buffer.concat([EMPTY, Buffer.from([0])])),
    endings: ends(NO_FRAMES, "internal", ANSWER),
  },
  {
    // Node gives such a connection up and tells nobody: the PING without an answer does.
    title: "data before the headers",
    http2: (wire, stream) => wire.data(stream, EMPTY),
    endings: ends(NO_STREAMS, "unavailable", BREACH_IN_GRPC_JS),
  },
  {
    title: "a frame larger than HTTP/2 allows",
    http2: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, Buffer.alloc(100_000));
    },
    endings: ends(NO_STREAMS, "unavailable", BREACH_IN_GRPC_JS),
  },
];
