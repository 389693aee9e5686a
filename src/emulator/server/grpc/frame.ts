// SPDX-License-Identifier: Apache-2.0
import type { Readable } from "node:stream";
import { Code, ConnectError } from "@connectrpc/connect";
import { MAX_REQUEST_PIECES } from "../../../budgets/budgets.js";
import { createByteCollector } from "../byte-collector.js";

/** Flags (one byte) and length (four, big-endian) in front of a message: PROTOCOL-HTTP2.md of gRPC. */
const PREFIX_BYTES = 5;

/** An uncompressed gRPC message with its prefix; a Buffer, as a stream would make one of other bytes. */
export function toGrpcFrame(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  frame.writeUInt8(0, 0);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}

/**
 * The message in the body of a unary call.
 *
 * @throws ConnectError for a body that is not exactly one message
 */
export function fromGrpcFrame(body: Uint8Array): Uint8Array {
  if (body.length < PREFIX_BYTES) throw new ConnectError("The request has no message.", Code.Unimplemented);
  const flags = body[0] ?? 0;
  if (flags !== 0)
    throw new ConnectError("The message is compressed, and no grpc-encoding says how.", Code.Internal);
  const length = new DataView(body.buffer, body.byteOffset).getUint32(1);
  const message = body.subarray(PREFIX_BYTES);
  if (message.length === length) return message;
  throw message.length < length
    ? new ConnectError("The message is cut off.", Code.InvalidArgument)
    : new ConnectError("The request has more than one message.", Code.Unimplemented);
}

/**
 * Reads a request's body.
 *
 * @throws ConnectError `ResourceExhausted` above `maxBytes` or {@link MAX_REQUEST_PIECES}, `Canceled` if the client
 * disconnects
 */
export function readGrpcBody(stream: Readable, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const body = createByteCollector();
    let pieces = 0;
    let isOver = false;
    const fail = (message: string, code: Code) => {
      isOver = true;
      reject(new ConnectError(message, code));
    };
    // `on`, not `once`: each event comes once, and what `once` puts around a listener is a cost of every call.
    stream.on("data", (chunk: Buffer) => {
      if (isOver) return;
      if (++pieces > MAX_REQUEST_PIECES) {
        fail(`The message comes in more than ${MAX_REQUEST_PIECES} pieces.`, Code.ResourceExhausted);
      } else if (body.size() + chunk.length > maxBytes + PREFIX_BYTES) {
        fail(`The message is larger than ${maxBytes} bytes.`, Code.ResourceExhausted);
      } else body.add(chunk);
    });
    stream.on("end", () => {
      if (isOver) return;
      isOver = true;
      resolve(body.bytes());
    });
    stream.on("close", () => {
      if (!isOver) fail("The call was broken off.", Code.Canceled);
    });
  });
}
