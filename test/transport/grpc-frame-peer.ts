// SPDX-License-Identifier: Apache-2.0
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createFrameParser, FLAG, FRAME, frame, hpack, type ReceivedFrame, uint32 } from "../http2-frames.js";
import { closeAfterTest } from "./raw-server.js";

/** A server that writes HTTP/2 frames by hand, for what a well-behaved library never sends. */
export interface FramePeer {
  readonly port: number;
  readonly baseUrl: string;
  /** Frames that came, per connection. */
  readonly received: readonly (readonly ReceivedFrame[])[];
}

/** What is written to a stream whose request has ended. `connection` and `stream` tell which one it is. */
export type OnRequest = (wire: FrameWriter, at: { connection: number; stream: number }) => void;

/** Writes frames to one connection. */
export interface FrameWriter {
  readonly socket: Socket;
  headers(stream: number, headers: Readonly<Record<string, string>>, options?: { last?: boolean }): void;
  data(stream: number, bytes: Uint8Array): void;
  reset(stream: number, code: number): void;
  goaway(lastStream: number, code: number, debug?: string): void;
}

/** Headers of a gRPC response. */
export const GRPC_HEAD = { ":status": "200", "content-type": "application/grpc" };

/** How such a server differs from an ordinary one. */
export interface FramePeerOptions {
  /** @default true */
  readonly answersPings?: boolean;
  /** The frame that a connection begins with. @default SETTINGS that change nothing */
  readonly settings?: Uint8Array;
}

/** Starts such a server. It acknowledges SETTINGS, and PINGs unless it is told not to. */
export async function startFramePeer(
  onRequest: OnRequest,
  { answersPings = true, settings = frame(FRAME.settings, 0, 0) }: FramePeerOptions = {},
): Promise<FramePeer> {
  const received: ReceivedFrame[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const connection = received.length;
    const frames: ReceivedFrame[] = [];
    received.push(frames);
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    const wire = writerTo(socket);
    socket.write(settings);
    const parse = createFrameParser();
    socket.on("data", (chunk) => {
      for (const received of parse(chunk)) {
        const { type, flags, stream, payload } = received;
        frames.push(received);
        if (type === FRAME.settings && flags === 0) socket.write(frame(FRAME.settings, FLAG.ack, 0));
        if (type === FRAME.ping && flags === 0 && answersPings)
          socket.write(frame(FRAME.ping, FLAG.ack, 0, payload));
        if (type === FRAME.data && (flags & FLAG.endStream) !== 0) onRequest(wire, { connection, stream });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfterTest(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  return { port, baseUrl: `http://127.0.0.1:${port}`, received };
}

/** The response that makes a call succeed: an empty message. */
export function answerEmpty(wire: FrameWriter, stream: number): void {
  wire.headers(stream, GRPC_HEAD);
  wire.data(stream, Buffer.alloc(5));
  wire.headers(stream, { "grpc-status": "0" }, { last: true });
}

/** Bytes of headers in one frame; more go into CONTINUATION. Section 6.10. */
const MAX_PIECE = 16_000;

function writerTo(socket: Socket): FrameWriter {
  return {
    socket,
    headers: (stream, headers, { last = false } = {}) => {
      const block = hpack(headers);
      const pieces = Array.from({ length: Math.ceil(block.length / MAX_PIECE) }, (_, at) =>
        block.subarray(at * MAX_PIECE, (at + 1) * MAX_PIECE),
      );
      for (const [at, piece] of pieces.entries()) {
        const flags = at === pieces.length - 1 ? FLAG.endHeaders : 0;
        const ends = at === 0 && last ? FLAG.endStream : 0;
        socket.write(frame(at === 0 ? FRAME.headers : FRAME.continuation, flags | ends, stream, piece));
      }
    },
    data: (stream, bytes) => {
      socket.write(frame(FRAME.data, 0, stream, bytes));
    },
    reset: (stream, code) => {
      socket.write(frame(FRAME.rstStream, 0, stream, uint32(code)));
    },
    goaway: (lastStream, code, debug = "") => {
      const payload = Buffer.concat([uint32(lastStream), uint32(code), Buffer.from(debug)]);
      socket.write(frame(FRAME.goaway, 0, 0, payload));
    },
  };
}
