// SPDX-License-Identifier: Apache-2.0
import type { Socket } from "node:net";
import { type FrameWriter, GRPC_HEAD } from "../transport/grpc-frame-peer.js";
import { ANSWER, ends, type Fault, na, type Reached, unsent } from "./fault.js";
import { drip, END_HEADERS, frame, grpcMessage, HEADERS } from "./wire.js";

/** The stages of a call at which the server says no more. */
const STAGES: readonly (Pick<
  Fault,
  "title" | "connection" | "tls" | "http1" | "http2" | "next" | "lingers"
> & {
  readonly notHere?: "REST" | "gRPC";
})[] = [
  {
    title: "while connecting",
    tls: true,
    // The handshake is never answered.
    connection: (_socket, reached) => reached(),
    // A channel of grpc-js goes on waiting for that connection, whoever has given up and even when it is closed.
    lingers: "grpc-js",
    next: { "grpc-js": "deadline-exceeded" },
  },
  {
    title: "before the headers",
    http1: (_socket, reached) => reached(),
    http2: (_wire, _stream, reached) => reached(),
  },
  {
    title: "in the headers",
    http1: says("HTTP/1.1 200 OK\r\ncontent-le"),
    http2: ({ socket }, stream, reached) => {
      socket.write(frame(HEADERS, END_HEADERS, stream, Buffer.from([0, 1]), 99), () => reached());
    },
  },
  {
    title: "before the body",
    http1: says("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"),
    http2: (wire, stream, reached) => {
      wire.headers(stream, GRPC_HEAD);
      flush(wire, reached);
    },
  },
  {
    title: "in the body",
    http1: says("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"),
    http2: (wire, stream, reached) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, grpcMessage(Buffer.from([1]), 0, 9));
      flush(wire, reached);
    },
  },
  {
    title: "in an error's body",
    http1: says("HTTP/1.1 503 x\r\ncontent-length: 9\r\n\r\n{"),
    notHere: "gRPC",
  },
  {
    title: "before the trailers",
    http2: (wire, stream, reached) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, grpcMessage(new Uint8Array(0)));
      flush(wire, reached);
    },
    notHere: "REST",
  },
];

const NOT_HERE = {
  REST: "JSON over HTTP/1.1 has no trailers",
  gRPC: "an error of gRPC is in the trailers, and has no body",
};

/** The caller gives up, at each stage of a call. */
export const timingFaults: readonly Fault[] = [
  {
    title: "deadline in an interceptor",
    stuck: true,
    givesUp: "by deadline",
    endings: ends(unsent("deadline-exceeded"), unsent("deadline-exceeded")),
  },
  ...STAGES.map((stage) => at(stage, "deadline", "by deadline")),
  {
    title: "deadline in a slow drip of the body",
    http1: (socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n{");
      drip(socket, " ");
    },
    http2: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, grpcMessage(new Uint8Array(0), 0, 99_999));
      drip(wire.socket, frame(0, 0, stream, Buffer.from("x")));
    },
    givesUp: "by deadline",
    endings: ends("deadline-exceeded", "deadline-exceeded"),
  },
  {
    title: "abort before the call",
    givesUp: "before the call",
    endings: ends(unsent("aborted-by-caller"), unsent("aborted-by-caller")),
  },
  {
    title: "abort in an interceptor",
    stuck: true,
    givesUp: "when the server has come so far",
    endings: ends(unsent("aborted-by-caller"), unsent("aborted-by-caller")),
  },
  ...STAGES.map((stage) => at(stage, "abort", "when the server has come so far")),
  {
    title: "abort after the call",
    givesUp: "after the call",
    endings: ends(ANSWER, ANSWER),
  },
];

/** Before there is a connection, our own engines know that nothing was sent; grpc-js does not say. */
function at(
  { notHere, title, ...stage }: (typeof STAGES)[number],
  what: "deadline" | "abort",
  givesUp: Fault["givesUp"] & string,
): Fault {
  const ending = what === "deadline" ? "deadline-exceeded" : "aborted-by-caller";
  const over = (name: "REST" | "gRPC") => (notHere === name ? na(NOT_HERE[name]) : ending);
  const own = (kind: "REST" | "gRPC") => (title === "while connecting" ? unsent(ending) : over(kind));
  return {
    ...stage,
    title: `${what} ${title}`,
    givesUp,
    endings: ends(own("REST"), own("gRPC"), over("gRPC")),
  };
}

function says(text: string) {
  return (socket: Socket, reached: Reached): void => {
    socket.write(text, () => reached());
  };
}

function flush({ socket }: FrameWriter, reached: Reached): void {
  socket.write("", () => reached());
}
