// SPDX-License-Identifier: Apache-2.0
import type { ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { startTimer } from "../../time/timer.js";

/**
 * Closes idle HTTP/2 connections, and streams whose request does not arrive. node:http does this for HTTP/1.1
 * (`headersTimeout`, `requestTimeout`), but node:http2 does not.
 */
export function endWhenIdle(session: ServerHttp2Session, idleMs: number): void {
  let open = 0;
  let stop = startTimer(idleMs, () => session.destroy(), { background: true });
  session.on("stream", (stream: ServerHttp2Stream) => {
    open++;
    stop();
    const stopStream = startTimer(idleMs, () => stream.destroy(), { background: true });
    stream.once("end", stopStream); // the request is complete; the response may take longer
    stream.once("close", () => {
      stopStream();
      open--;
      if (open === 0 && !session.destroyed) {
        stop = startTimer(idleMs, () => session.destroy(), { background: true });
      }
    });
  });
  session.once("close", () => stop());
}
