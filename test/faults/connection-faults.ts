// SPDX-License-Identifier: Apache-2.0
import { GRPC_HEAD } from "../transport/grpc-frame-peer.js";
import { ANSWER, ends, type Fault, maybeSent, na, unsent } from "./fault.js";
import { CONTINUATION, drip, END_HEADERS, endless, frame, grpcMessage, HEADERS } from "./wire.js";

const HALF_HTTP1 = 'HTTP/1.1 200 x\r\ncontent-length: 23\r\n\r\n{"name":"op';
const HALF_MESSAGE = grpcMessage(Buffer.from([1, 2]), 0, 9);
/** A header of HPACK, as a literal that is not indexed: `a: b`. RFC 7541, section 6.2.2. */
const HPACK_HEADER = Buffer.from([0, 1, 0x61, 1, 0x62]);

/** The connection is not there, or breaks. */
export const connectionFaults: readonly Fault[] = [
  {
    title: "connection refused",
    place: "a closed port",
    endings: ends(unsent("unavailable"), unsent("unavailable"), "unavailable"),
  },
  {
    title: "host unknown to DNS",
    place: "an unknown host",
    endings: ends(unsent("unavailable"), unsent("unavailable"), "unavailable"),
    next: { REST: "unavailable", gRPC: "unavailable", "grpc-js": "unavailable" },
  },
  {
    title: "closed as soon as it is open",
    connection: (socket) => socket.end(),
    endings: ends(maybeSent("unavailable"), maybeSent("unavailable"), "unavailable"),
  },
  {
    title: "reset as soon as it is open",
    connection: (socket) => socket.resetAndDestroy(),
    endings: ends(maybeSent("unavailable"), maybeSent("unavailable"), "unavailable"),
  },
  {
    title: "closed in the TLS handshake",
    tls: true,
    connection: (socket) => socket.once("data", () => socket.end()),
    endings: ends(unsent("unavailable"), unsent("unavailable"), "unavailable"),
  },
  {
    title: "no TLS where TLS is expected",
    tls: true,
    connection: (socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    endings: ends(unsent("unavailable"), unsent("unavailable"), "unavailable"),
  },
  {
    title: "another protocol: a mail server",
    connection: (socket) => socket.end("220 mail.example.com ESMTP\r\n"),
    endings: ends("internal", "unavailable"),
  },
  {
    title: "HTTP/1.1 where HTTP/2 is expected",
    connection: (socket) => socket.end("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"),
    endings: ends(na("REST expects it"), "unavailable"),
  },
  {
    title: "closed before the headers",
    http1: (socket) => socket.end(),
    http2: ({ socket }) => socket.end(),
    endings: ends("unavailable", "unavailable"),
  },
  {
    title: "reset before the headers",
    http1: (socket) => socket.resetAndDestroy(),
    http2: ({ socket }) => socket.resetAndDestroy(),
    endings: ends("unavailable", "unavailable"),
  },
  {
    title: "closed in the headers",
    http1: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-le"),
    http2: ({ socket }, stream) => socket.end(frame(HEADERS, END_HEADERS, stream, HPACK_HEADER, 99)),
    endings: ends("unavailable", "unavailable"),
  },
  {
    title: "reset in the headers",
    http1: (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-le", () => socket.resetAndDestroy()),
    http2: ({ socket }, stream) =>
      socket.write(frame(HEADERS, 0, stream, HPACK_HEADER), () => socket.resetAndDestroy()),
    endings: ends("unavailable", "unavailable"),
  },
  {
    title: "closed after the headers",
    http1: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 23\r\n\r\n"),
    http2: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.socket.end();
    },
    endings: ends("unavailable", "unavailable"),
  },
  {
    title: "reset after the headers",
    http1: (socket) =>
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 23\r\n\r\n", () => socket.resetAndDestroy()),
    http2: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.socket.write("", () => wire.socket.resetAndDestroy());
    },
    endings: ends("unavailable", "unavailable"),
  },
  {
    title: "closed after half a body",
    http1: (socket) => socket.end(HALF_HTTP1),
    http2: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, HALF_MESSAGE);
      wire.socket.end();
    },
    endings: ends("unavailable", "unavailable"),
  },
  {
    title: "reset after half a body",
    http1: (socket) => socket.write(HALF_HTTP1, () => socket.resetAndDestroy()),
    http2: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, HALF_MESSAGE);
      wire.socket.write("", () => wire.socket.resetAndDestroy());
    },
    endings: ends("unavailable", "unavailable"),
  },
  {
    title: "closed in a chunk",
    http1: (socket) => socket.end("HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n99\r\n{"),
    endings: ends("unavailable", na("HTTP/2 has no chunks")),
  },
  {
    title: "closed after the whole answer",
    http1: (socket) => socket.end("HTTP/1.1 200 x\r\ncontent-length: 2\r\n\r\n{}"),
    http2: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, grpcMessage(new Uint8Array(0)));
      wire.headers(stream, { "grpc-status": "0" }, { last: true });
      wire.socket.end();
    },
    endings: ends(ANSWER, ANSWER),
  },
  {
    title: "endless headers",
    http1: (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      endless(socket, (n) => `x-${n}: y\r\n`);
    },
    http2: ({ socket }, stream) => {
      socket.write(frame(HEADERS, 0, stream, HPACK_HEADER));
      endless(socket, () => frame(CONTINUATION, 0, stream, HPACK_HEADER));
    },
    endings: ends("response-too-large", "unavailable", "internal"),
  },
  {
    title: "slow drip of headers",
    http1: (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nx-slow: ");
      drip(socket, "y");
    },
    http2: ({ socket }, stream) => {
      socket.write(frame(HEADERS, END_HEADERS, stream, new Uint8Array(0), 10_000));
      drip(socket, "y");
    },
    givesUp: "by deadline",
    endings: ends("deadline-exceeded", "deadline-exceeded"),
  },
];
