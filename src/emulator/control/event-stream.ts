// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from "@bufbuild/protobuf";
import type { HttpResponse } from "../server/http-servers.js";

/** A response of server-sent events (HTML Standard, section 9.2). */
export interface EventStream {
  /** Whether the client is reading too slowly: most of the sent data is still buffered. */
  readonly isBehind: boolean;
  /** Sends one event; a client that reconnects sends the last `id` to resume after it. */
  send(data: JsonValue, id?: number): void;
}

/** Number of unsent bytes at which a client is disconnected, since it does not read. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
/** Number of unsent bytes at which a client is behind. */
const BEHIND_BYTES = 256 * 1024;

/** Starts a response of events. It ends with the connection, which calls `onClose`. */
export function startEventStream(response: HttpResponse, onClose: () => void): EventStream {
  response.once("close", onClose);
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
  });
  write(response, ": open\n\n");
  return {
    get isBehind() {
      return unsentBytes(response) > BEHIND_BYTES;
    },
    send: (data, id) => {
      if (response.destroyed) return;
      write(response, `${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
      if (unsentBytes(response) > MAX_UNSENT_BYTES) response.destroy();
    },
  };
}

function write(response: HttpResponse, text: string): void {
  // HTTP/1.1 and HTTP/2 responses both have this method, but TypeScript cannot unify their overloads.
  if ("stream" in response) response.write(text);
  else response.write(text);
}

function unsentBytes(response: HttpResponse): number {
  return "stream" in response ? response.stream.writableLength : response.writableLength;
}
