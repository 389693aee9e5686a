// SPDX-License-Identifier: Apache-2.0
import { type ByteBuffer, createByteBuffer } from "../../json/stream/byte-buffer.js";
import type { HttpBytes } from "./engine.js";

/** Reads a body, but no more than `maxBytes` of it. */
export async function readBody(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<HttpBytes> {
  const body = createByteBuffer();
  for await (const chunk of chunks) {
    body.add(chunk);
    if (body.size > maxBytes) break;
  }
  return upTo(maxBytes, body);
}

/** What was gathered, cut at a limit. */
export function upTo(maxBytes: number, body: ByteBuffer): HttpBytes {
  const complete = body.size <= maxBytes;
  return { content: body.take().subarray(0, maxBytes), complete };
}
