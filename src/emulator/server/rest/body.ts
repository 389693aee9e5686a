// SPDX-License-Identifier: Apache-2.0
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Code } from "@connectrpc/connect";
import { MAX_REQUEST_PIECES } from "../../../budgets/budgets.js";
import { createByteCollector } from "../byte-collector.js";
import { httpError } from "../http-error.js";
import type { ServerRequest } from "../http-servers.js";

/**
 * Number of bytes above the limit to read and discard, so that a client that is still writing can read the response.
 */
const DISCARDED_BYTES = 16 * 1024 * 1024;

const unzip = promisify(gunzip);

/** Whether a request may have a body. HTTP/2 does not announce one, so it must be read to find out. */
export function hasBody({ headers, httpVersionMajor }: ServerRequest): boolean {
  const length = headers["content-length"];
  const isEmpty = headers["transfer-encoding"] === undefined && (length === undefined || length === "0");
  return httpVersionMajor !== 1 || !isEmpty;
}

/**
 * Reads a request's body and decompresses gzip.
 *
 * @throws ConnectError HTTP 413 above `maxBytes` (before and after decompression) or {@link MAX_REQUEST_PIECES}, 415 for
 * another encoding
 */
export async function readBody(request: ServerRequest, maxBytes: number): Promise<Uint8Array> {
  const encoding = request.headers["content-encoding"];
  const bytes = await readRaw(request, maxBytes);
  if (encoding === undefined || encoding === "identity" || bytes.length === 0) return bytes;
  if (encoding !== "gzip") {
    throw httpError(415, Code.InvalidArgument, "The request's Content-Encoding is not gzip.", {
      "accept-encoding": "gzip",
    });
  }
  try {
    return await unzip(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if (isSystemError(error) && error.code === "ERR_BUFFER_TOO_LARGE") throw tooManyBytes(maxBytes);
    throw httpError(
      400,
      Code.InvalidArgument,
      "The request's body is not the gzip that its Content-Encoding says.",
    );
  }
}

function isSystemError(error: unknown): error is { readonly code: unknown } {
  return typeof error === "object" && error !== null && "code" in error;
}

function readRaw(request: ServerRequest, maxBytes: number): Promise<Uint8Array> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBytes + DISCARDED_BYTES) return Promise.reject(tooManyBytes(maxBytes));
  return new Promise((resolve, reject) => {
    const body = createByteCollector();
    let size = 0;
    let pieces = 0;
    let isOver = false;
    const fail = (error: Error) => {
      if (isOver) return;
      isOver = true;
      request.pause(); // HTTP/1.1 ends its connection; over HTTP/2 the window of the stream is soon full
      reject(error);
    };
    request.on("data", (chunk: Buffer) => {
      if (isOver) return;
      size += chunk.length;
      if (++pieces > MAX_REQUEST_PIECES) fail(tooLarge(`comes in more than ${MAX_REQUEST_PIECES} pieces`));
      else if (size <= maxBytes) body.add(chunk);
      else if (size > maxBytes + DISCARDED_BYTES) fail(tooManyBytes(maxBytes));
    });
    request.on("end", () => {
      if (size > maxBytes) fail(tooManyBytes(maxBytes));
      isOver = true;
      resolve(body.bytes()); // no effect after an error
    });
    request.on("error", fail);
    request.on("close", () => {
      if (!isOver) fail(httpError(400, Code.Canceled, "The request broke off."));
    });
  });
}

function tooManyBytes(maxBytes: number) {
  return tooLarge(`is larger than ${maxBytes} bytes`);
}

function tooLarge(problem: string) {
  return httpError(413, Code.InvalidArgument, `The request's body ${problem}.`, { connection: "close" });
}
