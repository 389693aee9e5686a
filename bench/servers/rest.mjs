// SPDX-License-Identifier: Apache-2.0
// Responds to every HTTP/1.1 request with one JSON text. Straight on sockets, since a server that costs more than the
// client would be what is measured. The first argument says with which text: "empty" (`{}`) or "page".
import { createServer } from "node:net";
import { pageJson } from "./page.mjs";
import { serve } from "./serve.mjs";

const HEAD_END = "\r\n\r\n";
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

const body = process.argv[2] === "page" ? JSON.stringify(pageJson()) : "{}";
const response = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=UTF-8\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
);

/** The length of the request at `start`, 0 when it is not all there. */
function requestLength(bytes, start) {
  const headEnd = bytes.indexOf(HEAD_END, start);
  if (headEnd === -1) return 0;
  const length = CONTENT_LENGTH.exec(bytes.latin1Slice(start, headEnd));
  const end = headEnd + HEAD_END.length + Number(length?.[1] ?? 0);
  return end > bytes.length ? 0 : end - start;
}

const server = createServer({ noDelay: true }, (socket) => {
  let waiting = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    const bytes = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    let at = 0;
    for (let length = requestLength(bytes, at); length > 0; length = requestLength(bytes, at)) {
      at += length;
      socket.write(response);
    }
    waiting = bytes.subarray(at);
  });
});
serve(server);
