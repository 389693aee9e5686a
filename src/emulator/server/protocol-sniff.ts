// SPDX-License-Identifier: Apache-2.0
import type { Socket } from "node:net";

/**
 * What an HTTP/2 connection with prior knowledge begins with (RFC 9113, section 3.4); no HTTP/1 method does.
 */
const PREFACE_START = "PRI";

/** How long a connection may stay without a word, in milliseconds. */
const SILENCE_MS = 60_000;

/**
 * Reads the first bytes of a cleartext connection, tells HTTP/2 from HTTP/1.1 by them, puts them back and
 * hands the socket over. A connection that closes or stays silent before that is dropped.
 */
export function sniffProtocol(socket: Socket, handOver: (version: "1.1" | "2") => void): void {
  let head: Buffer = Buffer.alloc(0);
  const drop = () => socket.destroy();
  const onReadable = () => {
    for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    }
    const start = head.toString("latin1", 0, PREFACE_START.length);
    if (start.length < PREFACE_START.length && PREFACE_START.startsWith(start)) return;
    socket.off("readable", onReadable).off("error", drop).off("end", drop).off("timeout", drop);
    socket.setTimeout(0);
    socket.unshift(head);
    handOver(start === PREFACE_START ? "2" : "1.1");
  };
  socket.on("readable", onReadable).on("error", drop).on("end", drop).on("timeout", drop);
  socket.setTimeout(SILENCE_MS);
}
