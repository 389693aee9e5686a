// SPDX-License-Identifier: Apache-2.0
import type { ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { monotonicMs, startTimer } from "../../time/timer.js";

/**
 * Closes idle HTTP/2 connections, and streams whose request does not arrive. node:http does this for HTTP/1.1
 * (`headersTimeout`, `requestTimeout`), but node:http2 does not. One timer for each connection, however many streams come on it.
 */
export function endWhenIdle(session: ServerHttp2Session, idleMs: number): void {
  /** When each open stream came. */
  const startsMs = new Map<ServerHttp2Stream, number>();
  let idleSinceMs = monotonicMs();
  session.on("stream", (stream: ServerHttp2Stream) => {
    startsMs.set(stream, monotonicMs());
    stream.on("close", () => {
      startsMs.delete(stream);
      if (startsMs.size === 0) idleSinceMs = monotonicMs();
    });
  });
  /** Ends what is due, and sleeps until the next may be. */
  const sweep = () => {
    const dueMs = monotonicMs() - idleMs;
    if (startsMs.size === 0 && idleSinceMs <= dueMs) {
      session.destroy();
      return;
    }
    let oldestMs = startsMs.size === 0 ? idleSinceMs : dueMs + idleMs;
    for (const [stream, startMs] of startsMs) {
      if (stream.readableEnded) continue; // the request is complete; the response may take longer
      if (startMs <= dueMs) stream.destroy();
      else oldestMs = Math.min(oldestMs, startMs);
    }
    stop = startTimer(oldestMs - dueMs, sweep, { background: true });
  };
  let stop = startTimer(idleMs, sweep, { background: true });
  session.once("close", () => stop());
}
