// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from "node:zlib";
import type { CallErrorReason } from "../../src/index.js";
import { GRPC_HEAD } from "../transport/grpc-frame-peer.js";
import { httpAnswer } from "../transport/raw-server.js";
import { ANSWER, ends, type Fault, na } from "./fault.js";
import { DATA, endless, frame, grpcAnswer, grpcMessage, HTML, htmlOverHttp2 } from "./wire.js";

const NO_LENGTHS = na("HTTP/2 frames carry their own length");
const NO_JSON = na("gRPC carries no JSON");

/** A page of HTML with a status: what proxies, load balancers and captive portals send. */
const PAGES: [status: number, rest: CallErrorReason, grpc: CallErrorReason][] = [
  [200, "unknown", "unknown"],
  [302, "unknown", "unknown"],
  [400, "invalid-argument", "internal"],
  [401, "unauthenticated", "unauthenticated"],
  [403, "permission-denied", "permission-denied"],
  [404, "not-found", "unimplemented"],
  [407, "failed-precondition", "unknown"],
  [408, "unavailable", "unknown"],
  [413, "failed-precondition", "unknown"],
  [429, "rate-limited", "unavailable"],
  [500, "internal", "unknown"],
  [502, "unavailable", "unavailable"],
  [503, "unavailable", "unavailable"],
  [504, "deadline-exceeded", "unavailable"],
];

const json = (text: string | Uint8Array, headers = {}) => httpAnswer(200, text, headers);
const DEEP = 50_000;
/** Sixteen bytes of an Operation whose field `done` is a varint without an end. */
const ENDLESS_VARINT = Buffer.from([0x18, ...Array<number>(14).fill(0xff), 0x01]);
/** The name of an Operation, which no UTF-8 decoder takes. */
const INVALID_UTF8 = Buffer.from([0x0a, 2, 0xff, 0xfe]);
const gzipped = gzipSync(Buffer.alloc(2_000_000, " "));

/** An answer comes, and is not what it should be. */
export const answerFaults: readonly Fault[] = [
  ...PAGES.map(
    ([status, rest, grpc]): Fault => ({
      title: `HTTP ${status} with a page of HTML`,
      http1: (socket) => socket.write(httpAnswer(status, HTML, { "content-type": "text/html" })),
      http2: htmlOverHttp2(status),
      // A channel of grpc-js begins to read the page as a message, and takes its letters for a length.
      endings: ends(rest, grpc, status === 200 ? "response-too-large" : grpc),
    }),
  ),
  {
    title: "content-length too small",
    http1: (socket) => socket.write('HTTP/1.1 200 x\r\ncontent-length: 5\r\n\r\n{"name":"operations/1"}'),
    endings: ends("internal", NO_LENGTHS),
  },
  {
    title: "content-length too large",
    http1: (socket) => socket.end('HTTP/1.1 200 x\r\ncontent-length: 99\r\n\r\n{"name":"operations/1"}'),
    endings: ends("unavailable", NO_LENGTHS),
  },
  {
    title: "two content-lengths",
    http1: (socket) => socket.write("HTTP/1.1 200 x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} "),
    endings: ends("internal", NO_LENGTHS),
  },
  {
    title: "content-length and chunks",
    http1: (socket) =>
      socket.write(
        "HTTP/1.1 200 x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      ),
    endings: ends("internal", NO_LENGTHS),
  },
  {
    title: "a chunk size that is no number",
    http1: (socket) =>
      socket.write("HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n"),
    endings: ends("internal", na("HTTP/2 has no chunks")),
  },
  {
    title: "a control character in a header",
    http1: (socket) => socket.write("HTTP/1.1 200 x\r\nx-a: b\0c\r\ncontent-length: 2\r\n\r\n{}"),
    http2: grpcAnswer(grpcMessage(new Uint8Array(0)), { "x-a": "b\0c" }),
    endings: ends("internal", ANSWER),
  },
  {
    title: "an upgrade that nobody asked for",
    http1: (socket) => socket.write("HTTP/1.1 101 x\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"),
    endings: ends("unavailable", na("HTTP/2 has no upgrade")),
  },
  {
    title: "a second answer after the first",
    http1: (socket) => socket.write(Buffer.concat([json("{}"), json('{"name":"stolen"}')])),
    endings: ends(ANSWER, na("HTTP/2 streams do not follow one another")),
  },
  {
    title: "gzip garbage",
    http1: (socket) => socket.write(json("no gzip", { "content-encoding": "gzip" })),
    http2: grpcAnswer(grpcMessage(Buffer.from("no gzip"), 1), { "grpc-encoding": "gzip" }),
    endings: ends("internal", "internal"),
  },
  {
    title: "gzip that ends too early",
    http1: (socket) => socket.write(json(gzipped.subarray(0, 500), { "content-encoding": "gzip" })),
    http2: grpcAnswer(grpcMessage(gzipped.subarray(0, 500), 1), { "grpc-encoding": "gzip" }),
    endings: ends("internal", "internal"),
  },
  {
    title: "gzip that unfolds above the limit",
    http1: (socket) => socket.write(json(gzipped, { "content-encoding": "gzip" })),
    http2: grpcAnswer(grpcMessage(gzipped, 1), { "grpc-encoding": "gzip" }),
    endings: ends("response-too-large", "response-too-large"),
  },
  {
    title: "compressed in a way that nobody asked for",
    http1: (socket) => socket.write(json("??", { "content-encoding": "zstd" })),
    http2: grpcAnswer(grpcMessage(Buffer.from("??"), 1), { "grpc-encoding": "zstd" }),
    endings: ends("unknown", "internal"),
  },
  {
    title: "an endless body",
    http1: (socket) => {
      socket.write("HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n");
      endless(socket, () => `400\r\n${" ".repeat(1024)}\r\n`);
    },
    http2: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, grpcMessage(new Uint8Array(0), 0, 0x7fffffff));
      endless(wire.socket, () => frame(DATA, 0, stream, Buffer.alloc(1024)));
    },
    endings: ends("response-too-large", "response-too-large"),
  },
  {
    title: "an endless page of an error",
    http1: (socket) => {
      socket.write("HTTP/1.1 503 x\r\ntransfer-encoding: chunked\r\n\r\n");
      endless(socket, () => `400\r\n${" ".repeat(1024)}\r\n`);
    },
    http2: (wire, stream) => {
      wire.headers(stream, { ":status": "503", "content-type": "text/html" });
      endless(wire.socket, () => frame(DATA, 0, stream, Buffer.alloc(1024)));
    },
    endings: ends("unavailable", "unavailable", "unimplemented"), // grpc-js reads the page as messages, and there is more than one
  },
  {
    title: "a message above the limit",
    http1: (socket) => socket.write(json(`"${"x".repeat(600_000)}"`)),
    http2: grpcAnswer(grpcMessage(new Uint8Array(0), 0, 600_000)),
    endings: ends("response-too-large", "response-too-large"),
  },
  {
    title: "no body",
    http1: (socket) => socket.write(json("")),
    http2: grpcAnswer(new Uint8Array(0)),
    endings: ends("data-loss", "unimplemented"),
  },
  {
    title: "not JSON, not Protocol Buffers",
    http1: (socket) => socket.write(json('{"name":')),
    http2: grpcAnswer(grpcMessage(Buffer.from([0xff, 0xff]))),
    endings: ends("unknown", "internal"),
  },
  {
    title: "JSON of another shape",
    http1: (socket) => socket.write(json('["operations/1"]')),
    endings: ends("internal", NO_JSON),
  },
  {
    title: "duplicate keys, or fields",
    http1: (socket) => socket.write(json('{"name":"operations/2","name":"operations/1"}')),
    http2: grpcAnswer(grpcMessage(Buffer.from([0x0a, 1, 0x61, 0x0a, 1, 0x62]))),
    endings: ends(ANSWER, ANSWER),
  },
  {
    title: "a key that is __proto__",
    http1: (socket) =>
      socket.write(json('{"__proto__":{"name":"x"},"constructor":{"prototype":{"name":"x"}}}')),
    endings: ends(ANSWER, NO_JSON),
  },
  {
    title: "deep nesting where a field is expected",
    http1: (socket) =>
      socket.write(
        json(`{"metadata":{"@type":"type.googleapis.com/google.protobuf.Value","value":${deep("[", "]")}}}`),
      ),
    endings: ends("response-too-large", NO_JSON),
  },
  {
    title: "deep nesting where nothing is expected",
    http1: (socket) => socket.write(json(`{"stranger":${deep("[", "]")}}`)),
    // Groups within groups, of a field that Operation does not have: more than a decoder goes into.
    http2: grpcAnswer(grpcMessage(Buffer.alloc(2 * DEEP, 0x7b).fill(0x7c, DEEP))),
    endings: ends("response-too-large", "internal"),
  },
  {
    title: "huge numbers",
    http1: (socket) => socket.write(json('{"error":{"code":1e999,"message":"x"}}')),
    http2: grpcAnswer(grpcMessage(ENDLESS_VARINT)),
    endings: ends("unknown", "internal"),
  },
  {
    title: "invalid UTF-8",
    http1: (socket) => socket.write(json(Buffer.from('{"name":"\xff\xfe"}', "latin1"))),
    http2: grpcAnswer(grpcMessage(INVALID_UTF8)),
    endings: ends("unknown", "internal"),
  },
  {
    title: "a lone surrogate",
    http1: (socket) => socket.write(json('{"name":"\\ud800"}')),
    endings: ends("internal", NO_JSON),
  },
  {
    title: "wrong content-type",
    http1: (socket) => socket.write(json("{}", { "content-type": "image/png" })),
    http2: grpcAnswer(grpcMessage(new Uint8Array(0)), { "content-type": "image/png" }),
    endings: ends(ANSWER, "unknown", ANSWER),
  },
];

function deep(open: string, close: string): string {
  return open.repeat(DEEP) + close.repeat(DEEP);
}
