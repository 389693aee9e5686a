// SPDX-License-Identifier: Apache-2.0
import { connect } from "node:net";
import { createFrameParser, FLAG, FRAME, frame, hpack, PREFACE } from "../http2-frames.js";

const NAMES: Readonly<Record<number, string>> = {
  0: "DATA",
  1: "HEADERS",
  3: "RST_STREAM",
  4: "SETTINGS",
  6: "PING",
  7: "GOAWAY",
  8: "WINDOW_UPDATE",
};
/** What came back on one connection. */
export interface FrameExchange {
  /** Frames of the server in order, as `TYPE flags stream`, those about the connection itself apart. */
  readonly frames: readonly string[];
  /** How the connection ended: `ECONNRESET`, or `end`. */
  readonly end: string;
}

/** Makes one gRPC call by hand, over HTTP/2 with prior knowledge, and reads the frames of the response. */
export function exchangeFrames(port: number, path: string, message: Uint8Array): Promise<FrameExchange> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const frames: string[] = [];
    const parse = createFrameParser(0);
    const finish = (end: string) => {
      socket.destroy();
      resolve({ frames, end });
    };
    socket.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? "error"));
    socket.on("end", () => finish("end"));
    socket.on("data", (chunk) => {
      for (const { type, flags, stream } of parse(chunk)) {
        // The request goes out once the server has said all that it says by itself: a reset that comes together with
        // other bytes looks like an ordinary end.
        if (type === FRAME.settings && (flags & FLAG.ack) !== 0) socket.write(request);
        if (stream !== 0 || type === FRAME.goaway) frames.push(`${NAMES[type]} ${flags} ${stream}`);
        if (stream === 1 && (flags & FLAG.endStream) !== 0 && type <= FRAME.headers) socket.end();
      }
    });
    const body = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]);
    const request = Buffer.concat([
      frame(FRAME.headers, FLAG.endHeaders, 1, headerBlock(path)),
      frame(FRAME.data, FLAG.endStream, 1, body),
    ]);
    socket.write(Buffer.concat([PREFACE, frame(FRAME.settings, 0, 0)]));
  });
}

/** The headers of a call as a header block. */
export function headerBlock(path: string, contentType = "application/grpc"): Buffer {
  return hpack({
    ":method": "POST",
    ":scheme": "http",
    ":path": path,
    ":authority": "localhost",
    "content-type": contentType,
    te: "trailers",
  });
}
