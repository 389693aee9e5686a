// SPDX-License-Identifier: Apache-2.0
// Responds to every gRPC call with an Empty. It speaks just enough HTTP/2 for that, straight on sockets: node:http2 on this
// side would cost as much as the clients that are measured. Request headers are not read, so nothing has to be decoded.
import { createServer } from "node:net";
import { serve } from "./serve.mjs";

const PREFACE_LENGTH = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length;
const FRAME_HEAD_LENGTH = 9;
const [DATA, HEADERS, SETTINGS, PING, WINDOW_UPDATE] = [0x0, 0x1, 0x4, 0x6, 0x8];
const [END_STREAM, ACK, END_HEADERS] = [0x1, 0x1, 0x4];
/** Far above what the requests of one run amount to between two updates. */
const WINDOW_STEP = 1 << 30;

function frame(type, flags, stream, payload) {
  const bytes = Buffer.alloc(FRAME_HEAD_LENGTH + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  payload.copy(bytes, FRAME_HEAD_LENGTH);
  return bytes;
}

/** A header that touches no table, RFC 7541 section 6.2.2: every response can be the same bytes. */
function literal(name, value) {
  return Buffer.from(
    `\0${String.fromCharCode(name.length)}${name}${String.fromCharCode(value.length)}${value}`,
    "latin1",
  );
}

const STATUS_200 = Buffer.from([0x88]);
const responseHead = Buffer.concat([STATUS_200, literal("content-type", "application/grpc")]);
const emptyMessage = Buffer.alloc(5);
const responseParts = [
  frame(HEADERS, END_HEADERS, 0, responseHead),
  frame(DATA, 0, 0, emptyMessage),
  frame(HEADERS, END_HEADERS | END_STREAM, 0, literal("grpc-status", "0")),
];
const response = Buffer.concat(responseParts);
const streamIdOffsets = [
  5,
  responseParts[0].length + 5,
  responseParts[0].length + responseParts[1].length + 5,
];

function responseFor(stream) {
  const bytes = Buffer.from(response);
  for (const offset of streamIdOffsets) bytes.writeUInt32BE(stream, offset);
  return bytes;
}

function windowUpdate(increment) {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(increment);
  return frame(WINDOW_UPDATE, 0, 0, payload);
}

const server = createServer({ noDelay: true }, (socket) => {
  let waiting = Buffer.alloc(0);
  let at = PREFACE_LENGTH;
  let received = 0;
  socket.on("error", () => socket.destroy());
  socket.write(Buffer.concat([frame(SETTINGS, 0, 0, Buffer.alloc(0)), windowUpdate(WINDOW_STEP)]));

  const replyTo = (bytes, start, length) => {
    const type = bytes[start + 3];
    const flags = bytes[start + 4];
    if (type === SETTINGS && (flags & ACK) === 0) return [frame(SETTINGS, ACK, 0, Buffer.alloc(0))];
    if (type === PING && (flags & ACK) === 0) {
      const payload = bytes.subarray(start + FRAME_HEAD_LENGTH, start + FRAME_HEAD_LENGTH + length);
      return [frame(PING, ACK, 0, payload)];
    }
    const replies = [];
    if (type === DATA) {
      received += length;
      if (received > WINDOW_STEP / 2) {
        replies.push(windowUpdate(received));
        received = 0;
      }
    }
    if ((type === DATA || type === HEADERS) && (flags & END_STREAM) !== 0) {
      replies.push(responseFor(bytes.readUInt32BE(start + 5)));
    }
    return replies;
  };

  socket.on("data", (chunk) => {
    const bytes = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    const replies = [];
    while (at + FRAME_HEAD_LENGTH <= bytes.length) {
      const length = bytes.readUIntBE(at, 3);
      if (at + FRAME_HEAD_LENGTH + length > bytes.length) break;
      replies.push(...replyTo(bytes, at, length));
      at += FRAME_HEAD_LENGTH + length;
    }
    const used = Math.min(at, bytes.length);
    waiting = bytes.subarray(used);
    at -= used;
    if (replies.length > 0) socket.write(replies.length === 1 ? replies[0] : Buffer.concat(replies));
  });
});
serve(server);
