// SPDX-License-Identifier: Apache-2.0
import { connect } from "node:net";

/** What a connection with prior knowledge begins with. */
export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
const NAMES: Readonly<Record<number, string>> = {
  0: "DATA",
  1: "HEADERS",
  3: "RST_STREAM",
  4: "SETTINGS",
  6: "PING",
  7: "GOAWAY",
  8: "WINDOW_UPDATE",
};
const END_STREAM = 0x1;
const END_HEADERS = 0x4;
const ACK = 0x1;

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
    let pending = Buffer.alloc(0);
    const finish = (end: string) => {
      socket.destroy();
      resolve({ frames, end });
    };
    socket.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? "error"));
    socket.on("end", () => finish("end"));
    socket.on("data", (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 9 && pending.length >= 9 + pending.readUIntBE(0, 3)) {
        const [type, flags, stream] = [pending.readUInt8(3), pending.readUInt8(4), pending.readUInt32BE(5)];
        pending = pending.subarray(9 + pending.readUIntBE(0, 3));
        // The request goes out once the server has said all that it says by itself: a reset that comes together with
        // other bytes looks like an ordinary end.
        if (type === 4 && (flags & ACK) !== 0) socket.write(request);
        if (stream !== 0 || type === 7) frames.push(`${NAMES[type]} ${flags} ${stream}`);
        if (stream === 1 && (flags & END_STREAM) !== 0 && type <= 1) socket.end();
      }
    });
    const body = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]);
    const request = Buffer.concat([
      frame(1, END_HEADERS, 1, headerBlock(path)),
      frame(0, END_STREAM, 1, body),
    ]);
    socket.write(Buffer.concat([PREFACE, frame(4, 0, 0)]));
  });
}

/** A frame: 0 DATA, 1 HEADERS, 3 RST_STREAM, 4 SETTINGS. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Literals without indexing (RFC 7541, section 6.2.2), each shorter than 127 bytes. */
export function headerBlock(path: string, contentType = "application/grpc"): Buffer {
  const fields = [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", path],
    [":authority", "localhost"],
    ["content-type", contentType],
    ["te", "trailers"],
  ];
  return Buffer.concat(
    fields.flatMap(([name = "", value = ""]) => [
      Buffer.from([0, name.length]),
      Buffer.from(name),
      Buffer.from([value.length]),
      Buffer.from(value),
    ]),
  );
}
