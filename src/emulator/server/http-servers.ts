// SPDX-License-Identifier: Apache-2.0

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  createServer as createHttp2Server,
  createSecureServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Server, Socket } from "node:net";
import type { Duplex } from "node:stream";

/** A request of node:http or node:http2. */
export type ServerRequest = IncomingMessage | Http2ServerRequest;
/** The response that belongs to a {@link ServerRequest}. */
export type HttpResponse = ServerResponse | Http2ServerResponse;

/** Certificate and key in PEM, in the form of node:tls. */
export interface TlsFiles {
  /** The certificate, followed by those that lead to its authority, if any. */
  readonly cert: string | Buffer;
  /** The private key of the certificate. */
  readonly key: string | Buffer;
  /** The authority, in PEM, that must have signed client certificates. @default no client certificates */
  readonly clientCa?: string | Buffer | undefined;
}

/** Options shared by the servers of one port. */
export interface HttpServersOptions {
  readonly maxHeaderBytes: number;
  onRequest(request: ServerRequest, response: HttpResponse): void;
  /** Called first for HTTP/2 streams; if it returns true, `onRequest` is not called. */
  onStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: readonly string[]): boolean;
  onSession(session: ServerHttp2Session): void;
  /** Called with true for a new connection and with false once its protocol is known. */
  onUndecided(socket: Socket, undecided: boolean): void;
}

/** Maximum number of concurrent streams on an HTTP/2 connection. */
const MAX_STREAMS = 1_000;

/** A clear-text server for HTTP/1.1 and HTTP/2 with prior knowledge, distinguished by the first bytes. */
export function createCleartextServer(options: HttpServersOptions): Server {
  const { maxHeaderBytes, onRequest, onSession, onUndecided } = options;
  const http2 = createHttp2Server({ settings: settingsOf(options) }, onRequest);
  http2.on("session", onSession).on("sessionError", ignoreBrokenConnection);
  putInFront(http2, options);
  const http1 = createServer({ maxHeaderSize: maxHeaderBytes }, onRequest);
  http1.on("clientError", rejectBadRequest);

  // node:http listens, since its timeouts for slow clients only work on a listening server. Its connection handler runs
  // after the first bytes were read.
  const serveHttp1 = http1.listeners("connection");
  http1.removeAllListeners("connection").on("connection", (socket: Socket) => {
    onUndecided(socket, true);
    sniffProtocol(socket, (version) => {
      onUndecided(socket, false);
      if (version === "1.1") {
        for (const serve of serveHttp1) serve.call(http1, socket);
        return;
      }
      socket.allowHalfOpen = false;
      http2.emit("connection", socket);
    });
  });
  return http1;
}

/** A TLS server for HTTP/1.1 and HTTP/2, distinguished by ALPN. */
export function createTlsServer({ cert, key, clientCa }: TlsFiles, options: HttpServersOptions): Server {
  const limits = { settings: settingsOf(options), maxHeaderSize: options.maxHeaderBytes };
  const server = createSecureServer(
    {
      cert,
      key,
      ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
      ...limits,
      allowHTTP1: true,
    },
    options.onRequest,
  );
  server.on("session", options.onSession).on("sessionError", ignoreBrokenConnection);
  server.on("clientError", rejectBadRequest);
  putInFront(server, options);
  return server;
}

/**
 * Calls `onStream` before node:http2's own listener, which creates a request and a response for the stream.
 */
function putInFront(server: Http2Server | Http2SecureServer, { onStream }: HttpServersOptions): void {
  const makeRequest = server.listeners("stream");
  const onEvery = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number, raw: string[]) => {
    if (onStream(stream, headers, raw)) return;
    for (const make of makeRequest) make.call(server, stream, headers, flags, raw);
  };
  // The raw headers are an argument missing from the types.
  server.removeAllListeners("stream").on("stream", onEvery as Parameters<typeof server.on>[1]);
}

function settingsOf({ maxHeaderBytes }: HttpServersOptions) {
  return { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: maxHeaderBytes };
}

/** A broken connection closes by itself, but without a listener its error would crash the process. */
function ignoreBrokenConnection(): void {}

/**
 * The start of an HTTP/2 connection preface (RFC 9113, section 3.4), which is not a valid HTTP/1 request.
 */
const PREFACE_START = "PRI";

/** How long a new connection may stay silent, in milliseconds. */
const SILENCE_MS = 60_000;

/**
 * Reads the first bytes of a clear-text connection to detect HTTP/2 or HTTP/1.1, unshifts them and passes the socket on.
 * A connection that closes or stays silent before that is dropped.
 */
function sniffProtocol(socket: Socket, handOver: (version: "1.1" | "2") => void): void {
  let head: Buffer = Buffer.alloc(0);
  const drop = () => socket.destroy();
  const onReadable = () => {
    for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    }
    const start = head.toString("latin1", 0, PREFACE_START.length);
    if (start.length < PREFACE_START.length && PREFACE_START.startsWith(start)) return;
    socket.off("readable", onReadable).off("error", drop).off("end", drop).off("timeout", drop);
    socket.setTimeout(0);
    socket.unshift(head);
    handOver(start === PREFACE_START ? "2" : "1.1");
  };
  socket.on("readable", onReadable).on("error", drop).on("end", drop).on("timeout", drop);
  socket.setTimeout(SILENCE_MS);
}

const STATUS = new Map([
  [
    "HPE_HEADER_OVERFLOW",
    { code: 431, reason: "Request Header Fields Too Large", status: "INVALID_ARGUMENT" },
  ],
  ["ERR_HTTP_REQUEST_TIMEOUT", { code: 408, reason: "Request Timeout", status: "DEADLINE_EXCEEDED" }],
]);

const BAD_REQUEST = { code: 400, reason: "Bad Request", status: "INVALID_ARGUMENT" };

/**
 * Rejects bytes that are not HTTP/1.1, or a request that is too long or too slow, with AIP-193 JSON, and
 * closes the connection. Listener of `clientError`.
 */
function rejectBadRequest(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const { code, reason, status } = STATUS.get(error.code ?? "") ?? BAD_REQUEST;
  const body = JSON.stringify({ error: { code, message: `${reason}.`, status } });
  socket.end(
    `HTTP/1.1 ${code} ${reason}\r\ncontent-type: application/json; charset=UTF-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
