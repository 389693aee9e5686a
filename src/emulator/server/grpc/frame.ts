// SPDX-License-Identifier: Apache-2.0
import type { Readable } from "node:stream";
import { Code, ConnectError } from "@connectrpc/connect";
import { createByteCollector } from "../byte-collector.js";

/** Flags (one byte) and length (four, big-endian) in front of a message: PROTOCOL-HTTP2.md of gRPC. */
const PREFIX_BYTES = 5;

/** An uncompressed gRPC message with its prefix. */
export function toGrpcFrame(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(PREFIX_BYTES + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
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
 * @throws ConnectError `ResourceExhausted` above `maxBytes`, `Canceled` if the client disconnects
 */
export function readGrpcBody(stream: Readable, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const body = createByteCollector();
    let isWhole = false;
    stream.on("data", (chunk: Buffer) => {
      if (body.size() + chunk.length <= maxBytes + PREFIX_BYTES) body.add(chunk);
      else reject(new ConnectError(`The message is larger than ${maxBytes} bytes.`, Code.ResourceExhausted));
    });
    stream.once("end", () => {
      isWhole = true;
      resolve(body.bytes());
    });
    stream.once("error", reject);
    stream.once("close", () => {
      // Every call closes its stream, and an error with its stack and headers costs more than the rest of this function.
      if (!isWhole) reject(new ConnectError("The call was broken off.", Code.Canceled));
    });
  });
}
