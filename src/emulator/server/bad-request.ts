// SPDX-License-Identifier: Apache-2.0
import type { Duplex } from "node:stream";

const STATUS = new Map([
  [
    "HPE_HEADER_OVERFLOW",
    { code: 431, reason: "Request Header Fields Too Large", status: "INVALID_ARGUMENT" },
  ],
  ["ERR_HTTP_REQUEST_TIMEOUT", { code: 408, reason: "Request Timeout", status: "DEADLINE_EXCEEDED" }],
]);

const BAD_REQUEST = { code: 400, reason: "Bad Request", status: "INVALID_ARGUMENT" };

/**
 * Answers bytes that are not HTTP/1.1, or a request that is too long or too slow, with AIP-193 JSON, and
 * closes the connection. Listener of `clientError`.
 */
export function answerBadRequest(error: Error & { code?: string }, socket: Duplex): void {
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
