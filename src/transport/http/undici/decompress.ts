// SPDX-License-Identifier: Apache-2.0
import type { Transform } from "node:stream";
import { type HttpBytes, HttpFailure, type HttpResponse } from "../http-client.js";

/** The codings that {@link decompressed} undoes, for `accept-encoding`. */
export const ACCEPTED_CODINGS = "gzip, deflate, br";

/** How each coding comes off. Node's zlib is loaded with the first answer that is compressed. */
const DECODERS: Readonly<Record<string, (zlib: typeof import("node:zlib")) => Transform>> = {
  gzip: (zlib) => zlib.createGunzip(),
  "x-gzip": (zlib) => zlib.createGunzip(),
  deflate: (zlib) => zlib.createInflate(),
  br: (zlib) => zlib.createBrotliDecompress(),
};

/** Codings on top of one another at most. RFC 9110 section 8.4 allows a list; nobody sends a long one in earnest. */
const MOST_CODINGS = 2;

/**
 * The same answer with its `content-encoding` undone. The size limit of `bytes` holds for what came over the wire and
 * for what it unfolds to, so a small body cannot become a large one in memory. A coding that nobody asked for stays: its
 * status still tells what happened.
 */
export function decompressed(response: HttpResponse, contentEncoding: string): HttpResponse {
  const codings = contentEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");
  const known = codings.every((coding) => DECODERS[coding] !== undefined);
  if (codings.length === 0 || codings.length > MOST_CODINGS || !known) return response;
  return {
    status: response.status,
    headers: response.headers,
    chunks: () => decode(response.chunks(), codings),
    bytes: (maxBytes) => collect(response.chunks(), codings, maxBytes),
  };
}

async function collect(
  source: AsyncIterable<Uint8Array>,
  codings: string[],
  maxBytes: number,
): Promise<HttpBytes> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  let unfolded = 0;
  const counted = (async function* () {
    for await (const chunk of source) {
      received += chunk.byteLength;
      if (received > maxBytes) return;
      yield chunk;
    }
  })();
  try {
    for await (const chunk of decode(counted, codings)) {
      chunks.push(chunk);
      unfolded += chunk.byteLength;
      if (unfolded > maxBytes) break;
    }
  } catch (error) {
    // Cut off by us in the middle, it cannot but look broken.
    if (received <= maxBytes) throw error;
  }
  const complete = received <= maxBytes && unfolded <= maxBytes;
  return { content: Buffer.concat(chunks).subarray(0, maxBytes), complete };
}

/** The last coding in the list was applied last, so it comes off first. */
function decode(source: AsyncIterable<Uint8Array>, codings: string[]): AsyncIterable<Uint8Array> {
  return codings.reduceRight(decodeOne, source);
}

async function* decodeOne(source: AsyncIterable<Uint8Array>, coding: string): AsyncGenerator<Uint8Array> {
  let sourceFailed = false;
  const watched = (async function* () {
    try {
      yield* source;
    } catch (error) {
      sourceFailed = true;
      throw error;
    }
  })();
  const [{ PassThrough, pipeline }, zlib] = await Promise.all([import("node:stream"), import("node:zlib")]);
  const decoder = DECODERS[coding]?.(zlib) ?? new PassThrough();
  // A failure reaches the reader through the decoder; the callback only has to exist.
  pipeline(watched, decoder, () => undefined);
  try {
    for await (const chunk of decoder) yield chunk;
  } catch (error) {
    if (sourceFailed) throw error;
    throw new HttpFailure(`the answer is not valid ${coding} data`, "answer", true, error);
  }
}
