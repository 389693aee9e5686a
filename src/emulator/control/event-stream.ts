// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from "@bufbuild/protobuf";
import type { ServerAnswer } from "../server/http-servers.js";

/** A response of server-sent events (HTML Standard, section 9.2). */
export interface EventStream {
  /** Sends one event; `id` is what a client that reconnects asks to go on after. */
  send(id: number, data: JsonValue): void;
}

/** Unsent bytes with which a client counts as gone: it does not read. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

/** Begins a response of events. It ends with the connection, and `onClose` is called then. */
export function startEventStream(answer: ServerAnswer, onClose: () => void): EventStream {
  answer.once("close", onClose);
  answer.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" });
  write(answer, ": open\n\n");
  return {
    send: (id, data) => {
      if (answer.destroyed) return;
      write(answer, `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
      if (unsentBytes(answer) > MAX_UNSENT_BYTES) answer.destroy();
    },
  };
}

function write(answer: ServerAnswer, text: string): void {
  // One method in two classes whose overloads TypeScript does not unite.
  if ("stream" in answer) answer.write(text);
  else answer.write(text);
}

function unsentBytes(answer: ServerAnswer): number {
  return "stream" in answer ? answer.stream.writableLength : answer.writableLength;
}
