// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from "@bufbuild/protobuf";
import type { HttpResponse } from "../server/http-servers.js";

/** A response of server-sent events (HTML Standard, section 9.2). */
export interface EventStream {
  /** Whether the client has not yet read most of what it was sent. */
  readonly isBehind: boolean;
  /** Sends one event; `id` is what a client that reconnects asks to go on after. */
  send(data: JsonValue, id?: number): void;
}

/** Unsent bytes with which a client counts as gone: it does not read. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
/** Unsent bytes with which it is behind. */
const BEHIND_BYTES = 256 * 1024;

/** Begins a response of events. It ends with the connection, and `onClose` is called then. */
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
  // One method in two classes whose overloads TypeScript does not unite.
  if ("stream" in response) response.write(text);
  else response.write(text);
}

function unsentBytes(response: HttpResponse): number {
  return "stream" in response ? response.stream.writableLength : response.writableLength;
}
