// SPDX-License-Identifier: Apache-2.0
import type { ServerHttp2Stream } from "node:http2";
import type { Connection } from "../faults/faults.js";
import type { ServerAnswer, ServerRequest } from "./http-servers.js";

/**
 * The connection of an HTTP/2 stream, for faults to break: once the frames that came with the request are dealt with, since
 * Node 20 damages its memory when a session is destroyed in the middle of them.
 */
export function connectionOfStream(stream: ServerHttp2Stream): Connection {
  return {
    reset: () => {
      setImmediate(() => stream.session?.destroy());
    },
    goAway: () => stream.session?.close(),
  };
}

/** The connection that a request came on, for faults to break. */
export function connectionOf(request: ServerRequest, answer: ServerAnswer): Connection {
  if ("stream" in request) return connectionOfStream(request.stream);
  return {
    reset: () => {
      if ("encrypted" in request.socket) request.socket.destroy();
      else request.socket.resetAndDestroy(); // a TCP reset: what a client sees of a machine that died
    },
    goAway: () => {
      if ("shouldKeepAlive" in answer) answer.shouldKeepAlive = false;
    },
  };
}
