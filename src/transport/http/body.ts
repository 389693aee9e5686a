// SPDX-License-Identifier: Apache-2.0
import { MAX_PIECES } from "../../budgets/budgets.js";
import { createByteBuffer } from "../../json/stream/byte-buffer.js";
import type { HttpBytes } from "./engine.js";
import { HttpError } from "./errors.js";

/** The error of a body in more than {@link MAX_PIECES}. */
export function piecesError(): HttpError {
  return new HttpError(`the response comes in more than ${MAX_PIECES} pieces`, "limit", true);
}

/** Reads a body, but no more than `maxBytes` of it. @throws HttpError for too many pieces */
export async function readBody(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<HttpBytes> {
  const body = createByteBuffer();
  let pieces = 0;
  for await (const chunk of chunks) {
    if (++pieces > MAX_PIECES) throw piecesError();
    body.add(chunk);
    if (body.size > maxBytes) break;
  }
  return { complete: body.size <= maxBytes, content: body.take(maxBytes) };
}
