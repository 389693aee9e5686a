// SPDX-License-Identifier: Apache-2.0
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type OutgoingHttpHeaders,
} from "node:http2";
import { startTimer } from "../../../time/timer.js";
import { http2CodeName } from "./errors.js";
import { createDoubt } from "./grpc-doubt.js";
import { createKeepalive, type KeepaliveSettings } from "./liveness.js";

/** An open HTTP/2 session. It keeps the process alive only while there are calls on it. */
export interface GrpcConnection {
  /** Host and port, for messages. */
  readonly authority: string;
  /** Whether it takes another call. */
  isUsable(): boolean;
  /** Whether it is gone, and the calls on it with it. */
  isLost(): boolean;
  /** How the server announced the end: `GOAWAY ENHANCE_YOUR_CALM ("too_many_pings")`. */
  farewell(): string | undefined;
  /** Opens a stream. @throws what Node throws, for headers that HTTP/2 cannot carry. */
  request(headers: OutgoingHttpHeaders): ClientHttp2Stream;
  /** Resets a stream with CANCEL, so that the server can stop too. Nothing happens to one that has ended. */
  reset(stream: ClientHttp2Stream): void;
  /** Bytes of an answer have come. */
  received(): void;
  /** Closes it, and the calls on it; resolves when the socket is closed. */
  close(): Promise<void>;
}

/** What a connection is kept by. */
export interface ConnectionSettings {
  readonly authority: string;
  readonly keepalive: KeepaliveSettings;
  /** Milliseconds without calls after which it is closed. */
  readonly idleTimeoutMs: number;
  onCallEnd(): void;
}

/** The window for a whole connection: HTTP/2's own 64 KiB would make every call wait for the slowest reader. */
const CONNECTION_WINDOW_BYTES = 8 * 1024 * 1024;
const LONGEST_DEBUG_TEXT = 64;
const TOO_MANY_PINGS = "too_many_pings";

/** Takes charge of a session that has just been opened. */
export function keepConnection(session: ClientHttp2Session, settings: ConnectionSettings): GrpcConnection {
  const keepalive = createKeepalive(session, settings.keepalive);
  const doubt = createDoubt(session);
  let calls = 0;
  let farewell: string | undefined;
  let stopIdleTimer = () => {};

  const becomeIdle = () => {
    session.unref();
    keepalive.busy(false);
    // Node leaves a session open whose last stream ends after GOAWAY. Not at once: that stream is still being looked at.
    if (farewell !== undefined) queueMicrotask(() => session.destroy());
    else stopIdleTimer = startTimer(settings.idleTimeoutMs, () => session.close(), { background: true });
  };
  const onCallEnd = () => {
    calls -= 1;
    if (calls === 0 && !session.destroyed) becomeIdle();
    settings.onCallEnd();
  };

  session.on("goaway", (code, _lastStreamId, debugData) => {
    const debug = textOf(debugData);
    farewell = `GOAWAY ${http2CodeName(code)}${debug === "" ? "" : ` ("${debug}")`}`;
    if (debug === TOO_MANY_PINGS) settings.keepalive.intervalMs *= 2;
    if (calls === 0) session.destroy();
  });
  session.on("close", () => {
    stopIdleTimer();
    keepalive.stop();
    doubt.stop();
  });
  session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
  becomeIdle();

  return {
    authority: settings.authority,
    isUsable: () => !session.closed && !session.destroyed,
    isLost: () => session.destroyed,
    farewell: () => farewell,
    request(headers) {
      const stream = session.request(headers);
      stream.on("close", onCallEnd);
      calls += 1;
      if (calls === 1) {
        stopIdleTimer();
        session.ref();
        keepalive.busy(true);
      }
      return stream;
    },
    reset(stream) {
      if (stream.closed) return;
      stream.close(constants.NGHTTP2_CANCEL);
      doubt.arise();
    },
    received() {
      keepalive.received();
      doubt.received();
    },
    close: () =>
      new Promise((resolve) => {
        if (session.destroyed && session.socket?.destroyed !== false) resolve();
        else {
          session.once("close", () => resolve());
          session.destroy();
        }
      }),
  };
}

function textOf(debugData: Uint8Array | undefined): string {
  return Buffer.from(debugData ?? [])
    .toString("latin1")
    .replace(/[^\x20-\x7e]/g, "?")
    .slice(0, LONGEST_DEBUG_TEXT);
}
