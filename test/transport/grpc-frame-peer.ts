// SPDX-License-Identifier: Apache-2.0
import { type AddressInfo, createServer, type Socket } from "node:net";
import { closeAfterTest } from "./raw-server.js";

/** A server that writes HTTP/2 frames by hand, for what a well-behaved library never sends. */
export interface FramePeer {
  readonly port: number;
  readonly baseUrl: string;
  /** Frames that came, as `type:flags:stream`, per connection. */
  readonly received: readonly (readonly ReceivedFrame[])[];
}

/** A frame from a client. */
export interface ReceivedFrame {
  readonly type: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** What is written to a stream whose request has ended. `connection` and `stream` tell which one it is. */
export type OnRequest = (wire: FrameWriter, at: { connection: number; stream: number }) => void;

/** Types of frames. RFC 9113, section 6. */
export const FRAME = { data: 0, headers: 1, rstStream: 3, settings: 4, ping: 6, goaway: 7 } as const;

const END_STREAM = 0x1;
const END_HEADERS = 0x4;
const ACK = 0x1;

/** Writes frames to one connection. */
export interface FrameWriter {
  readonly socket: Socket;
  headers(stream: number, headers: Readonly<Record<string, string>>, options?: { last?: boolean }): void;
  data(stream: number, bytes: Uint8Array): void;
  reset(stream: number, code: number): void;
  goaway(lastStream: number, code: number, debug?: string): void;
}

/** Headers of a gRPC answer. */
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
    let pending = Buffer.alloc(0);
    let prefaceBytes = 24;
    socket.on("data", (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      const skipped = Math.min(prefaceBytes, pending.length);
      prefaceBytes -= skipped;
      pending = pending.subarray(skipped);
      while (pending.length >= 9 && pending.length >= 9 + pending.readUIntBE(0, 3)) {
        const end = 9 + pending.readUIntBE(0, 3);
        const type = pending.readUInt8(3);
        const flags = pending.readUInt8(4);
        const stream = pending.readUInt32BE(5);
        const payload = pending.subarray(9, end);
        pending = pending.subarray(end);
        frames.push({ type, stream, payload });
        if (type === FRAME.settings && flags === 0) socket.write(frame(FRAME.settings, ACK, 0));
        if (type === FRAME.ping && flags === 0 && answersPings)
          socket.write(frame(FRAME.ping, ACK, 0, payload));
        if (type === FRAME.data && (flags & END_STREAM) !== 0) onRequest(wire, { connection, stream });
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

/** The answer that makes a call succeed: an empty message. */
export function answerEmpty(wire: FrameWriter, stream: number): void {
  wire.headers(stream, GRPC_HEAD);
  wire.data(stream, Buffer.alloc(5));
  wire.headers(stream, { "grpc-status": "0" }, { last: true });
}

function writerTo(socket: Socket): FrameWriter {
  return {
    socket,
    headers: (stream, headers, { last = false } = {}) => {
      const flags = END_HEADERS | (last ? END_STREAM : 0);
      socket.write(frame(FRAME.headers, flags, stream, hpack(headers)));
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

function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Each header as a literal that is not indexed; names and values shorter than 127 bytes. RFC 7541, section 6.2.2. */
function hpack(headers: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [
      Buffer.from([0, name.length]),
      Buffer.from(name),
      Buffer.from([value.length]),
      Buffer.from(value),
    ]),
  );
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
