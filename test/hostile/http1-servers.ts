// SPDX-License-Identifier: Apache-2.0
import type { Socket } from "node:net";
import { deflateSync, gzipSync } from "node:zlib";

/** A server that means harm, or does not know better: what it does once a request is here. */
export interface HostileServer {
  readonly title: string;
  readonly respond: (socket: Socket, scale: number) => void;
  /** What the call may end with: reasons of CallError, or "answer". */
  readonly ends: readonly string[];
}

const OK = "HTTP/1.1 200 OK\r\n";
const JSON_TYPE = "content-type: application/json\r\n";
const KB = 1024;

const says =
  (...parts: (string | Uint8Array)[]) =>
  (socket: Socket) => {
    for (const part of parts) socket.write(typeof part === "string" ? Buffer.from(part, "latin1") : part);
    socket.end();
  };
const body = (text: string | Uint8Array, headers = "") =>
  says(`${OK}${JSON_TYPE}${headers}content-length: ${Buffer.byteLength(text)}\r\n\r\n`, text);

/** Writes pieces for as long as the client takes them, up to a total. */
function floods(head: string, piece: string | Uint8Array, totalKb: number) {
  return (socket: Socket, scale: number) => {
    let left = totalKb * KB * scale;
    const next = () => {
      while (left > 0 && !socket.destroyed) {
        left -= Math.max(1, piece.length);
        if (!socket.write(piece)) {
          socket.once("drain", next);
          return;
        }
      }
      socket.end();
    };
    socket.write(head);
    next();
  };
}

const internal = ["internal", "unknown", "data-loss"];
const broken = ["unavailable", "internal", "unknown", "data-loss"];
const tooLarge = ["response-too-large", ...broken];
const anything = ["answer", ...tooLarge];

/** Servers of HTTP/1.1, as bytes. Each ends the connection by itself, so that no call waits for its deadline. */
export const HTTP1_SERVERS: readonly HostileServer[] = [
  { title: "nothing", respond: says(), ends: broken },
  { title: "one byte", respond: says("H"), ends: broken },
  { title: "half a status line", respond: says("HTTP/1.1 2"), ends: broken },
  { title: "headers without end", respond: says(`${OK}a: b\r\n`), ends: broken },
  { title: "SSH", respond: says("SSH-2.0-OpenSSH_9.6\r\n"), ends: broken },
  { title: "HTTP/0.9", respond: says("<html>hello</html>"), ends: broken },
  { title: "HTTP/2 preface", respond: says("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), ends: broken },
  { title: "TLS alert", respond: says(Buffer.from([0x15, 3, 3, 0, 2, 2, 40])), ends: broken },
  {
    title: "noise",
    respond: says(Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256))),
    ends: broken,
  },
  { title: "status 000", respond: says("HTTP/1.1 000 x\r\n\r\n"), ends: [...broken, "invalid-argument"] },
  { title: "status 99", respond: says("HTTP/1.1 99 x\r\n\r\n"), ends: anything },
  { title: "status 999", respond: says("HTTP/1.1 999 x\r\ncontent-length: 0\r\n\r\n"), ends: anything },
  {
    title: "101 without an upgrade",
    respond: says("HTTP/1.1 101 x\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"),
    ends: broken,
  },
  { title: "a thousand 100 Continue", respond: says("HTTP/1.1 100 x\r\n\r\n".repeat(1_000)), ends: broken },
  {
    title: "a redirect to a host with the token",
    respond: says("HTTP/1.1 302 x\r\nlocation: http://127.0.0.1:1/steal\r\ncontent-length: 0\r\n\r\n"),
    ends: [...broken, "failed-precondition"],
  },
  {
    title: "a redirect to a file",
    respond: says("HTTP/1.1 307 x\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n"),
    ends: [...broken, "failed-precondition"],
  },
  {
    title: "two lengths",
    respond: says(`${OK}content-length: 2\r\ncontent-length: 3\r\n\r\n{}}`),
    ends: broken,
  },
  { title: "a negative length", respond: says(`${OK}content-length: -1\r\n\r\n{}`), ends: broken },
  {
    title: "a length beyond 2^53",
    respond: says(`${OK}content-length: 99999999999999999999\r\n\r\n{}`),
    ends: tooLarge,
  },
  { title: "a length above the body", respond: says(`${OK}content-length: 100\r\n\r\n{}`), ends: broken },
  {
    title: "length and chunks",
    respond: says(`${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`),
    ends: anything,
  },
  {
    title: "a chunk of no number",
    respond: says(`${OK}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`),
    ends: broken,
  },
  {
    title: "a chunk above its length",
    respond: says(`${OK}transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`),
    ends: broken,
  },
  {
    title: "a chunk of 2^64",
    respond: says(`${OK}transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}`),
    ends: tooLarge,
  },
  {
    title: "an endless chunk extension",
    respond: floods(`${OK}transfer-encoding: chunked\r\n\r\n2;`, "x".repeat(KB), 512),
    ends: tooLarge,
  },
  {
    title: "chunks of one byte",
    respond: floods(`${OK}transfer-encoding: chunked\r\n\r\n`, "1\r\n \r\n".repeat(200), 4 * KB),
    ends: tooLarge,
  },
  {
    title: "endless trailers",
    respond: floods(`${OK}transfer-encoding: chunked\r\n\r\n0\r\n`, `a: ${"b".repeat(KB)}\r\n`, 512),
    ends: tooLarge,
  },
  { title: "headers of 1 MB", respond: floods(OK, `a: ${"b".repeat(KB)}\r\n`, KB), ends: tooLarge },
  { title: "ten thousand headers", respond: says(OK, "a: b\r\n".repeat(10_000), "\r\n"), ends: anything },
  {
    title: "a header with a NUL",
    respond: says(`${OK}a: b\0c\r\ncontent-length: 2\r\n\r\n{}`),
    ends: broken,
  },
  {
    title: "a header with a bare CR",
    respond: says(`${OK}a: b\rc: d\r\ncontent-length: 2\r\n\r\n{}`),
    ends: anything,
  },
  {
    title: "a header that is folded",
    respond: says(`${OK}a: b\r\n c\r\ncontent-length: 2\r\n\r\n{}`),
    ends: anything,
  },
  {
    title: "a response and another one",
    respond: says(`${OK}content-length: 2\r\n\r\n{}${OK}content-length: 2\r\n\r\n{}`),
    ends: anything,
  },
  {
    title: "an endless body",
    respond: floods(`${OK}${JSON_TYPE}\r\n`, " ".repeat(64 * KB), 8 * KB),
    ends: tooLarge,
  },
  {
    title: "an endless error",
    respond: floods("HTTP/1.1 500 x\r\n\r\n", "x".repeat(64 * KB), 8 * KB),
    ends: tooLarge,
  },
  {
    title: "a gzip bomb",
    respond: body(gzipSync(Buffer.alloc(32 * KB * KB)), "content-encoding: gzip\r\n"),
    ends: tooLarge,
  },
  {
    title: "a deflate bomb",
    respond: body(deflateSync(Buffer.alloc(32 * KB * KB)), "content-encoding: deflate\r\n"),
    ends: tooLarge,
  },
  {
    title: "gzip in gzip in gzip",
    respond: body(gzipSync(gzipSync(gzipSync("{}"))), "content-encoding: gzip, gzip, gzip\r\n"),
    ends: anything,
  },
  { title: "what is not gzip", respond: body("{}", "content-encoding: gzip\r\n"), ends: broken },
  {
    title: "half a gzip",
    respond: body(gzipSync("{}".repeat(99)).subarray(0, 20), "content-encoding: gzip\r\n"),
    ends: broken,
  },
  {
    title: "an unknown coding",
    respond: body("{}", "content-encoding: zstd-of-tomorrow\r\n"),
    ends: anything,
  },
  { title: "half a megabyte of [", respond: body("[".repeat(512 * KB)), ends: tooLarge },
  { title: "nested arrays", respond: body(`${"[".repeat(200_000)}${"]".repeat(200_000)}`), ends: tooLarge },
  {
    title: "nested objects",
    respond: body(`${'{"metadata":'.repeat(20_000)}1${"}".repeat(20_000)}`),
    ends: tooLarge,
  },
  {
    title: "nested Any",
    respond: body(
      `{"name":"operations/1","metadata":${'{"@type":"type.googleapis.com/google.protobuf.Any","value":'.repeat(2_000)}{}${"}".repeat(2_000)}}`,
    ),
    ends: anything,
  },
  {
    title: "many keys",
    respond: body(`{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join()}}`),
    ends: anything,
  },
  {
    title: "the same key again and again",
    respond: body(`{${'"name":"operations/1",'.repeat(40_000)}"done":false}`),
    ends: anything,
  },
  {
    title: "__proto__",
    respond: body(
      '{"name":"operations/1","__proto__":{"done":true},"constructor":{"prototype":{"polluted":1}}}',
    ),
    ends: anything,
  },
  {
    title: "a number of many digits",
    respond: body(`{"name":"operations/1","error":{"code":${"9".repeat(200_000)}}}`),
    ends: anything,
  },
  {
    title: "1e999",
    respond: body('{"name":"operations/1","error":{"code":1e999}}'),
    ends: [...internal, "answer"],
  },
  {
    title: "a name of another operation",
    respond: body('{"name":"operations/2","done":true,"response":{}}'),
    ends: anything,
  },
  { title: "an operation without a name", respond: body('{"done":false}'), ends: anything },
  { title: "a lone surrogate", respond: body('{"name":"operations/\\ud800"}'), ends: anything },
  { title: "bytes that are not UTF-8", respond: body(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])), ends: broken },
  { title: "a byte order mark", respond: body("\ufeff{}"), ends: anything },
  { title: "a page", respond: body("<html>sign in</html>"), ends: broken },
  {
    title: "a hundred thousand details",
    respond: says(
      "HTTP/1.1 400 x\r\n\r\n",
      JSON.stringify({
        error: {
          code: 400,
          status: "INVALID_ARGUMENT",
          message: "x",
          details: Array(100_000).fill({ "@type": "a/b" }),
        },
      }),
    ),
    ends: ["invalid-argument", ...tooLarge],
  },
  {
    title: "a message of 512 KB of spaces",
    respond: says(
      "HTTP/1.1 400 x\r\n\r\n",
      JSON.stringify({ error: { code: 400, status: "INVALID_ARGUMENT", message: " ".repeat(512 * KB) } }),
    ),
    ends: ["invalid-argument", ...tooLarge],
  },
  {
    title: "Retry-After of ten years",
    respond: says("HTTP/1.1 404 x\r\nretry-after: 315360000\r\ncontent-length: 0\r\n\r\n"),
    ends: ["not-found", "unimplemented"],
  },
  {
    title: "a code of no meaning",
    respond: says(
      "HTTP/1.1 400 x\r\n\r\n",
      '{"error":{"code":-1e9,"status":"__proto__","message":{"a":[]}}}',
    ),
    ends: anything.concat("invalid-argument"),
  },
];
