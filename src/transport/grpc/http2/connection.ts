// SPDX-License-Identifier: Apache-2.0
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { Socket } from "node:net";
import { systemClock } from "../../../time/clock.js";
import { startTimer } from "../../../time/timer.js";
import { type Goaway, readGoaway } from "./goaway.js";
import { createKeepalive, createStallProbe, type KeepaliveSettings } from "./liveness.js";

/** A stream of its own for one call, and the connection it runs on. */
export interface OpenStream {
  readonly stream: ClientHttp2Stream;
  readonly connection: GrpcConnection;
}

/** An open HTTP/2 session. It keeps the process alive only while calls are on it or wait for it. */
export interface GrpcConnection {
  /** Host and port, for messages. */
  readonly authority: string;
  /** Whether it takes new calls, now or when others have ended. */
  isUsable(): boolean;
  /** Whether the server takes one more call now. */
  hasRoom(): boolean;
  /** Whether it is gone, and the calls on it with it. */
  isLost(): boolean;
  /** Whether the server has sent SETTINGS, with which HTTP/2 begins. */
  hasBegun(): boolean;
  /** The platform's error that broke the connection, if it gave one. */
  error(): unknown;
  /** How the server announced the end: `GOAWAY ENHANCE_YOUR_CALM ("too_many_pings")`. */
  goawayReason(): string | undefined;
  /** Whether a GOAWAY says that the server has not processed this stream and never will. RFC 9113, section 6.8. */
  isUnprocessed(stream: ClientHttp2Stream): boolean;
  /** Opens a stream for a call. @throws what Node throws, for headers that HTTP/2 cannot carry. */
  open(headers: OutgoingHttpHeaders): OpenStream;
  /** Ends the call on a stream; call it once. A stream that has not ended is reset with CANCEL, so that the server can stop too. */
  finish(stream: ClientHttp2Stream): void;
  /** Sets whether calls wait for room, which keeps the process alive. */
  setCallsWaiting(waiting: boolean): void;
  /** Bytes of a response have come. */
  received(): void;
  /** Closes it, and the calls on it; resolves when the socket is closed, whatever the server does. */
  close(): Promise<void>;
}

/** Settings of a connection. */
export interface ConnectionSettings {
  readonly authority: string;
  readonly keepalive: KeepaliveSettings;
  /** Milliseconds without calls after which it is closed. */
  readonly idleTimeoutMs: number;
  /** It may have room for another call now, or may have become unusable. */
  onChange(): void;
}

/** The window for a whole connection: HTTP/2's own 64 KiB would make every call wait for the slowest reader. */
const CONNECTION_WINDOW_BYTES = 8 * 1024 * 1024;

/** Calls at once until the server's SETTINGS give its limit: it might refuse more. */
const MAX_CALLS_BEFORE_SETTINGS = 1;

/** Streams of a client have odd numbers of 31 bits. RFC 9113, section 5.1.1. */
const MAX_STREAMS = 2 ** 30 - 1;

/**
 * Takes charge of a session that has just been opened on `socket`. Calls are counted by their own ends, never by events
 * of their streams: a server can withhold those.
 */
export function createConnection(
  session: ClientHttp2Session,
  socket: Socket,
  settings: ConnectionSettings,
): GrpcConnection {
  const destroy = (error?: Error) => {
    session.destroy(error);
    // By itself a session may wait for the server to close the socket, too.
    socket.destroy();
  };
  const probed = {
    receivedAtMs: systemClock.now(),
    isGone: () => session.destroyed,
    ping: session.ping.bind(session),
    destroy,
  };
  const keepalive = createKeepalive(probed, settings.keepalive);
  const stallProbe = createStallProbe(probed);
  /** The streams of the calls that are under way. */
  const streams = new Set<ClientHttp2Stream>();
  let opened = 0;
  let maxCalls: number | undefined; // until the server has sent its SETTINGS
  let held = false;
  let goaway: Goaway | undefined;
  let lastError: unknown;
  let stopIdleTimer = () => {};

  const isUnprocessed = ({ id }: ClientHttp2Stream) =>
    goaway !== undefined && (id === undefined || id > goaway.lastStreamId);
  const isUsable = () =>
    goaway === undefined && opened < MAX_STREAMS && !session.closed && !session.destroyed;
  const becomeBusy = () => {
    stopIdleTimer();
    session.ref();
    keepalive.busy(true);
  };
  const becomeIdle = () => {
    session.unref();
    keepalive.busy(false);
    if (isUsable()) stopIdleTimer = startTimer(settings.idleTimeoutMs, () => destroy(), { background: true });
    // Not at once: the last stream is still being read from.
    else queueMicrotask(() => destroy());
  };

  session.on("remoteSettings", ({ maxConcurrentStreams }) => {
    maxCalls = maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
    settings.onChange();
  });
  session.on("goaway", (code, lastStreamId, debugData) => {
    const isFirst = goaway === undefined;
    goaway = readGoaway(code, lastStreamId, debugData);
    if (isFirst && goaway.isForPings) settings.keepalive.intervalMs *= 2;
    // Node ends those that it has sent; those in its queue would wait forever (docs/upstream.md).
    for (const stream of streams) {
      if (isUnprocessed(stream) && !stream.closed) end(stream, constants.NGHTTP2_REFUSED_STREAM);
    }
    if (streams.size === 0) destroy();
    settings.onChange();
  });
  session.on("error", (error) => {
    lastError = error;
  });
  socket.on("error", (error) => {
    lastError = error;
    // A TLS alert (a client certificate is missing, say) leaves the socket open, and Node's session waits for it.
    socket.destroy();
  });
  session.on("close", () => {
    stopIdleTimer();
    keepalive.stop();
    stallProbe.stop();
    settings.onChange();
  });
  session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
  becomeIdle();

  const connection: GrpcConnection = {
    authority: settings.authority,
    isUsable,
    hasRoom: () => streams.size < (maxCalls ?? MAX_CALLS_BEFORE_SETTINGS) && isUsable(),
    isLost: () => session.destroyed,
    hasBegun: () => maxCalls !== undefined,
    error: () => lastError,
    goawayReason: () => goaway?.reason,
    isUnprocessed,
    open(headers) {
      const stream = session.request(headers);
      opened += 1;
      streams.add(stream);
      if (streams.size === 1 && !held) becomeBusy();
      return { stream, connection };
    },
    finish(stream) {
      streams.delete(stream);
      if (!stream.closed && !(stream.readableEnded && stream.writableFinished)) {
        end(stream, constants.NGHTTP2_CANCEL);
        // Nothing has ever come from there: the next call tries another connection.
        if (maxCalls === undefined) destroy();
        else stallProbe.start();
      }
      if (streams.size === 0 && !held && !session.destroyed) becomeIdle();
      settings.onChange();
    },
    setCallsWaiting(waiting) {
      if (held === waiting) return;
      held = waiting;
      if (streams.size > 0 || session.destroyed) return;
      if (held) becomeBusy();
      else becomeIdle();
    },
    received() {
      probed.receivedAtMs = systemClock.now();
    },
    close: () =>
      new Promise((resolve) => {
        if (socket.closed) resolve();
        else socket.once("close", () => resolve());
        destroy();
      }),
  };
  return connection;
}

/** Not left to Node alone: the "close" of a stream comes only when its reset could be written. */
function end(stream: ClientHttp2Stream, code: number): void {
  stream.close(code);
  stream.destroy();
}
