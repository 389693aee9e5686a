// SPDX-License-Identifier: Apache-2.0
import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { FRAME, frame, hpack, PREFACE } from "../http2-frames.js";

/** A client that means harm. */
export interface HostileClient {
  readonly title: string;
  /** Attacks the emulator on a port for `holdMs` at most, `scale` times as hard. @returns what it was told first */
  readonly attack: (port: number, scale: number, holdMs: number) => Promise<string>;
  /** What it may be told: a status line, the type of an HTTP/2 frame, or `closed`, or `nothing` while it holds on. */
  readonly told: RegExp;
}

/** How long a client that is told nothing holds on to its connections, in milliseconds: those that need not be told, and others. */
const HOLD_MS = 500;
const MAX_HOLD_MS = 20_000;

const HOST = "host: localhost\r\n";
const OPENING = Buffer.concat([PREFACE, frame(FRAME.settings, 0, 0)]);
const GRPC = {
  ":method": "POST",
  ":scheme": "http",
  ":path": "/google.longrunning.Operations/ListOperations",
  ":authority": "localhost",
  "content-type": "application/grpc",
  te: "trailers",
};

/** Opens `count` connections, lets `speak` talk on each, and gives what the first was told. */
async function each(
  port: number,
  count: number,
  speak: (socket: Socket) => void,
  told: (bytes: Buffer) => string | undefined,
  holdMs: number,
): Promise<string> {
  const all = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(port, "127.0.0.1");
      let bytes = Buffer.alloc(0);
      const answer = new Promise<string>((resolve) => {
        socket.on("error", () => undefined);
        socket.on("data", (chunk) => {
          if (bytes.length < 100_000) bytes = Buffer.concat([bytes, chunk]);
          const said = told(bytes);
          if (said !== undefined) resolve(said);
        });
        socket.on("close", () => resolve("closed"));
        socket.on("connect", () => {
          speak(socket);
          setTimeout(() => resolve("nothing"), holdMs).unref();
        });
      });
      return { socket, said: await answer };
    }),
  );
  for (const { socket } of all) socket.destroy();
  return all[0]?.said ?? "";
}

const statusLine = (bytes: Buffer) => /^HTTP\/1\.1 (\d{3}) /.exec(bytes.toString("latin1"))?.[1];

/** Bytes of HTTP/1.1 on one connection, or many. */
const http1 =
  (bytes: (scale: number) => (string | Uint8Array)[], count = 1): HostileClient["attack"] =>
  (port, scale, holdMs) =>
    each(
      port,
      count * scale,
      (socket) => {
        for (const piece of bytes(scale)) socket.write(piece);
      },
      statusLine,
      holdMs,
    );

/** GOAWAY and RST_STREAM by their names; what a client does not get is `nothing`. */
const goaway = (bytes: Buffer) => {
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
    const type = bytes.readUInt8(at + 3);
    if (type === 7) return "goaway";
    if (type === 3) return "reset";
  }
  return undefined;
};

/** Frames of HTTP/2 on one connection, or many. */
const http2 =
  (frames: (scale: number) => Uint8Array[], count = 1): HostileClient["attack"] =>
  (port, scale, holdMs) =>
    each(port, count, (socket) => socket.write(Buffer.concat([OPENING, ...frames(scale)])), goaway, holdMs);

const times = (count: number, make: (n: number) => Uint8Array) =>
  Array.from({ length: count }, (_, n) => make(n));
const open = (n: number, flags = 4) => frame(1, flags, 2 * n + 1, hpack(GRPC));
const post = (headers: string) => `POST /v1/operations/1:cancel HTTP/1.1\r\n${HOST}${headers}\r\n`;
const hidden = `DELETE /v1/operations/1 HTTP/1.1\r\n${HOST}\r\n`;
/** One byte now and then, until the connection ends. */
const drip = (socket: Socket) => {
  const timer = setInterval(() => socket.write("x"), 50);
  socket.on("close", () => clearInterval(timer));
};

export const HOSTILE_CLIENTS: readonly HostileClient[] = [
  {
    title: "CL.CL",
    attack: http1(() => [post(`content-length: 0\r\ncontent-length: ${hidden.length}\r\n`), hidden]),
    told: /^400$/,
  },
  {
    title: "CL.TE",
    attack: http1(() => [post("content-length: 4\r\ntransfer-encoding: chunked\r\n"), `0\r\n\r\n${hidden}`]),
    told: /^400$/,
  },
  {
    title: "TE.TE",
    attack: http1(() => [
      post("transfer-encoding: chunked\r\ntransfer-encoding: x\r\n"),
      `0\r\n\r\n${hidden}`,
    ]),
    told: /^400$/,
  },
  {
    title: "TE with a tab",
    attack: http1(() => [post("transfer-encoding:\tchunked x\r\n"), `0\r\n\r\n${hidden}`]),
    told: /^400$/,
  },
  {
    title: "a chunk of 2^64",
    attack: http1(() => [post("transfer-encoding: chunked\r\n"), "fffffffffffffffff\r\nx"]),
    told: /^(400|413)$/,
  },
  {
    title: "endless chunk extensions",
    attack: http1((scale) => [post("transfer-encoding: chunked\r\n"), `1;${"x".repeat(200_000 * scale)}`]),
    told: /^(400|413)$/,
  },
  {
    title: "a header of 1 MB",
    attack: http1((scale) => [post(`x: ${"y".repeat(1_000_000 * scale)}\r\n`)]),
    told: /^(431|closed)$/,
  },
  {
    title: "a hundred thousand headers",
    attack: http1((scale) => [post("a: b\r\n".repeat(100_000 * scale))]),
    told: /^(431|closed)$/,
  },
  {
    title: "a URL of 1 MB",
    attack: http1((scale) => [`GET /${"x".repeat(1_000_000 * scale)} HTTP/1.1\r\n`]),
    told: /^(431|414|400|closed)$/,
  },
  {
    title: "slowloris: headers",
    attack: (port, scale, holdMs) =>
      each(
        port,
        100 * scale,
        (socket) => {
          socket.write(`GET / HTTP/1.1\r\n${HOST}x: `);
          drip(socket);
        },
        statusLine,
        holdMs,
      ),
    told: /^(nothing|408)$/,
  },
  {
    title: "slowloris: body",
    attack: (port, scale, holdMs) =>
      each(
        port,
        100 * scale,
        (socket) => {
          socket.write(post("content-length: 1000000\r\n"));
          drip(socket);
        },
        statusLine,
        holdMs,
      ),
    told: /^(nothing|4\d\d)$/,
  },
  { title: "half open", attack: http1(() => [], 300), told: /^nothing$/ },
  { title: "half open after the preface of HTTP/2", attack: http2(() => [], 200), told: /^nothing$/ },
  {
    title: "an endless body",
    attack: http1((scale) => [
      post("transfer-encoding: chunked\r\n"),
      ...times(400 * scale, () => Buffer.from(`10000\r\n${" ".repeat(65_536)}\r\n`)),
    ]),
    told: /^(413|400|closed)$/,
  },
  {
    title: "chunks of one byte",
    attack: http1((scale) => [post("transfer-encoding: chunked\r\n"), "1\r\n \r\n".repeat(300_000 * scale)]),
    told: /^(413|closed)$/,
  },
  {
    title: "nested JSON",
    attack: http1(() => [post("content-length: 2000000\r\n"), "[".repeat(2_000_000)]),
    told: /^400$/,
  },
  {
    title: "JSON of many values",
    attack: http1(() => [post("content-length: 2000000\r\n"), `[${"1,".repeat(999_998)}1 ]`]),
    told: /^400$/,
  },
  {
    title: "a gzip bomb",
    attack: http1(() => {
      const zipped = gzipSync(Buffer.alloc(2 ** 25));
      return [post(`content-encoding: gzip\r\ncontent-length: ${zipped.length}\r\n`), zipped];
    }),
    told: /^4\d\d$/,
  },
  {
    title: "a thousand requests at once, unread",
    attack: (port, scale, holdMs) =>
      each(
        port,
        scale,
        (socket) => {
          socket.pause();
          socket.write(`GET /v1/operations HTTP/1.1\r\n${HOST}\r\n`.repeat(1_000));
        },
        statusLine,
        holdMs,
      ),
    told: /^(nothing|200)$/,
  },
  {
    title: "a filter of 16 KB",
    attack: http1(() => [`GET /v1/operations?filter=${"(".repeat(8_000)} HTTP/1.1\r\n${HOST}\r\n`]),
    told: /^400$/,
  },
  {
    title: "rapid reset",
    attack: http2((scale) =>
      times(5_000 * scale, (n) =>
        Buffer.concat([open(n), frame(3, 0, 2 * n + 1, Buffer.from([0, 0, 0, 8]))]),
      ),
    ),
    told: /^(goaway|reset|closed|nothing)$/,
  },
  {
    title: "streams that are never ended",
    attack: http2((scale) => times(5_000 * scale, (n) => open(n))),
    told: /^(goaway|reset|closed)$/,
  },
  {
    title: "CONTINUATION without end",
    attack: http2((scale) => [
      frame(1, 0, 1, hpack(GRPC)),
      ...times(10_000 * scale, () => frame(9, 0, 1, hpack({ a: "b".repeat(100) }))),
    ]),
    told: /^(goaway|reset|closed)$/,
  },
  {
    title: "empty CONTINUATION without end",
    attack: http2((scale) => [frame(1, 0, 1, hpack(GRPC)), ...times(50_000 * scale, () => frame(9, 0, 1))]),
    told: /^(goaway|reset|closed|nothing)$/,
  },
  {
    title: "PING flood",
    attack: http2((scale) => times(50_000 * scale, () => frame(6, 0, 0, Buffer.alloc(8)))),
    told: /^(goaway|closed|nothing)$/,
  },
  {
    title: "SETTINGS flood",
    attack: http2((scale) => times(50_000 * scale, () => frame(4, 0, 0))),
    told: /^(goaway|closed|nothing)$/,
  },
  {
    title: "PRIORITY flood",
    attack: http2((scale) => times(50_000 * scale, () => frame(2, 0, 1, Buffer.alloc(5)))),
    told: /^(goaway|closed|nothing)$/,
  },
  {
    title: "empty DATA flood",
    attack: http2((scale) => [open(0), ...times(50_000 * scale, () => frame(0, 0, 1))]),
    told: /^(goaway|reset|closed|nothing)$/,
  },
  {
    title: "WINDOW_UPDATE flood",
    attack: http2((scale) => times(50_000 * scale, () => frame(8, 0, 0, Buffer.from([0, 0, 0, 1])))),
    told: /^(goaway|closed|nothing)$/,
  },
  {
    title: "no window for responses",
    attack: http2((scale) => [
      frame(4, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0])),
      ...times(900 * scale, (n) => Buffer.concat([open(n), frame(0, 1, 2 * n + 1, Buffer.alloc(5))])),
    ]),
    told: /^(goaway|reset|closed|nothing)$/,
  },
  {
    title: "HPACK: one header four thousand times",
    attack: http2(() => [
      frame(
        1,
        4,
        1,
        Buffer.concat([
          hpack(GRPC),
          Buffer.from([0x40, 1, 0x61, 0x7f, 0x81, 0x1e]),
          Buffer.alloc(4_000, "b"),
          Buffer.alloc(4_000, 0xbe),
        ]),
      ),
    ]),
    told: /^(goaway|reset|closed)$/,
  },
  {
    title: "a message of 4 GB",
    attack: http2(() => [open(0), frame(0, 0, 1, Buffer.from([0, 0xff, 0xff, 0xff, 0xff]))]),
    told: /^(reset|nothing|closed)$/,
  },
  {
    title: "noise",
    attack: http2(() => [Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * 7919) % 256))]),
    told: /^(goaway|closed)$/,
  },
];

/** How long a client holds on: until it is told something, where it must be. */
export function holdMsOf({ told }: HostileClient): number {
  return told.test("nothing") ? HOLD_MS : MAX_HOLD_MS;
}
