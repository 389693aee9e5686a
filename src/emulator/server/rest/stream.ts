// SPDX-License-Identifier: Apache-2.0

import { once } from "node:events";
import type { JsonValue } from "@bufbuild/protobuf";
import { stringifyJson } from "../../../json/json-text.js";
import type { HttpResponse } from "../http-servers.js";

/** Converts the messages of a stream to JSON. */
export interface StreamEncoding<T> {
  toJson(message: T): JsonValue;
  /** The last element of a stream that fails: `{"error": {…}}`. */
  errorToJson(error: unknown): JsonValue;
  /** Headers, read when the first message is available. */
  headers(): Record<string, string>;
}

/**
 * Sends a server stream as Google's servers do: one JSON array whose elements are sent as they become available. An
 * error becomes the last element; one before the first message is thrown, since it can still be sent as a normal error
 * response.
 */
export async function sendStream<T>(
  response: HttpResponse,
  messages: AsyncIterable<T>,
  encoding: StreamEncoding<T>,
): Promise<void> {
  let isFirst = true;
  const begin = () => {
    response.writeHead(200, { ...encoding.headers(), "content-type": "application/json; charset=UTF-8" });
    isFirst = false;
  };
  try {
    for await (const message of messages) {
      if (response.destroyed) return;
      const text = stringifyJson(encoding.toJson(message));
      const separator = isFirst ? "[" : ",\n";
      if (isFirst) begin();
      if (!writeChunk(response, separator + text)) await drained(response);
    }
    const isEmpty = isFirst;
    if (isEmpty) begin();
    response.end(isEmpty ? "[]" : "]");
  } catch (error) {
    if (isFirst) throw error;
    response.end(`,\n${JSON.stringify(encoding.errorToJson(error))}]`);
  }
}

/** A part of a file, from a google.api.HttpBody. */
export interface FilePiece {
  readonly contentType: string;
  readonly data: Uint8Array;
}

/**
 * Sends a stream of chunks as one file, with the content type of the first. An error closes the connection, which is the
 * only way to show the client that the file is incomplete.
 */
export async function sendFile(
  response: HttpResponse,
  pieces: AsyncIterable<FilePiece>,
  headers: () => Record<string, string>,
): Promise<void> {
  try {
    for await (const { contentType, data } of pieces) {
      if (response.destroyed) return;
      if (!response.headersSent) response.writeHead(200, { ...headers(), "content-type": contentType });
      if (!writeChunk(response, data)) await drained(response);
    }
    if (!response.headersSent) response.writeHead(200, headers());
    response.end();
  } catch (error) {
    if (!response.headersSent) throw error;
    response.destroy();
  }
}

function writeChunk(response: HttpResponse, chunk: string | Uint8Array): boolean {
  // HTTP/1.1 and HTTP/2 responses both have this method, but TypeScript cannot unify their overloads.
  return "stream" in response ? response.write(chunk) : response.write(chunk);
}

/** Waits until more can be written, or the connection is closed. */
async function drained(response: HttpResponse): Promise<void> {
  const over = new AbortController();
  await Promise.race([
    once(response, "drain", { signal: over.signal }),
    once(response, "close", { signal: over.signal }),
  ]).finally(() => over.abort());
}
