// SPDX-License-Identifier: Apache-2.0
import type { Transform } from "node:stream";
import { MAX_PIECES } from "../../budgets/budgets.js";
import { readBody } from "./body.js";
import type { HttpBytes, HttpResponse } from "./engine.js";
import { HttpError } from "./errors.js";

/** The codings that {@link decompressed} undoes, for `accept-encoding`. */
export const ACCEPTED_CODINGS = "gzip, deflate, br";

/** How each coding comes off. Node's zlib is loaded with the first response that is compressed. */
const DECODERS: Readonly<Record<string, (zlib: typeof import("node:zlib")) => Transform>> = {
  gzip: (zlib) => zlib.createGunzip(),
  "x-gzip": (zlib) => zlib.createGunzip(),
  deflate: (zlib) => zlib.createInflate(),
  br: (zlib) => zlib.createBrotliDecompress(),
};

/** Codings on top of one another. RFC 9110 section 8.4 allows a list; nobody sends a long one. */
const MAX_CODINGS = 2;

/**
 * The same response with its `content-encoding` undone. The size limit of `bytes` holds for what came over the wire and
 * for what it unfolds to, so a small body cannot become a large one in memory. A body of no bytes is empty, whatever its
 * coding. A coding that is not known stays: the status of the response still counts.
 */
export function decompressed(response: HttpResponse, contentEncoding: string): HttpResponse {
  const codings = contentEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");
  const known = codings.every((coding) => Object.hasOwn(DECODERS, coding));
  if (codings.length === 0 || codings.length > MAX_CODINGS || !known) return response;
  return {
    status: response.status,
    headers: response.headers,
    chunks: () => decode(response.chunks(), codings),
    bytes: (maxBytes) => readDecoded(response.chunks(MAX_PIECES), codings, maxBytes),
  };
}

async function readDecoded(
  source: AsyncIterable<Uint8Array>,
  codings: string[],
  maxBytes: number,
): Promise<HttpBytes> {
  let received = 0;
  const counted = (async function* () {
    for await (const chunk of source) {
      received += chunk.byteLength;
      if (received > maxBytes) return;
      yield chunk;
    }
  })();
  try {
    const { content, complete } = await readBody(decode(counted, codings), maxBytes);
    return { content, complete: complete && received <= maxBytes };
  } catch (error) {
    // It was cut off here, in the middle.
    if (received > maxBytes) return { content: new Uint8Array(), complete: false };
    throw error;
  }
}

/** The last coding in the list was applied last, so it comes off first. */
function decode(source: AsyncIterable<Uint8Array>, codings: string[]): AsyncIterable<Uint8Array> {
  return codings.reduceRight(decodeOne, source);
}

async function* decodeOne(source: AsyncIterable<Uint8Array>, coding: string): AsyncGenerator<Uint8Array> {
  const [{ PassThrough, pipeline }, zlib] = await Promise.all([import("node:stream"), import("node:zlib")]);
  let sourceFailed = false;
  let size = 0;
  const watched = (async function* () {
    try {
      for await (const chunk of source) {
        size += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      sourceFailed = true;
      throw error;
    }
  })();
  const decoder = DECODERS[coding]?.(zlib) ?? new PassThrough();
  // An error reaches the reader through the decoder; the callback only has to exist.
  pipeline(watched, decoder, () => undefined);
  try {
    for await (const chunk of decoder) yield chunk;
  } catch (error) {
    if (sourceFailed) throw error;
    // Nothing is not valid in any of them, and servers do send it (with 204, or to HEAD).
    if (size > 0) throw new HttpError(`the response is not valid ${coding} data`, "response", true, error);
  }
}
