// SPDX-License-Identifier: Apache-2.0

import { once } from "node:events";
import type { JsonValue } from "@bufbuild/protobuf";
import { stringifyJson } from "../../../json/json-text.js";
import type { HttpResponse } from "../http-servers.js";

/** How the messages of a stream become JSON. */
export interface StreamEncoding<T> {
  toJson(message: T): JsonValue;
  /** The last element of a stream that breaks: `{"error": {…}}`. */
  errorToJson(error: unknown): JsonValue;
  /** Headers, asked for when the first message is there. */
  headers(): Record<string, string>;
}

/**
 * Sends a server stream as Google's servers do: one JSON array whose elements are sent as they come. An
 * error on the way becomes the last element; one before the first message is thrown, as it can still be an
 * response of its own.
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

/** A part of a file, as a google.api.HttpBody has it. */
export interface FilePiece {
  readonly contentType: string;
  readonly data: Uint8Array;
}

/**
 * Sends a stream of pieces as one file, under the content type of the first. An error on the way cuts the
 * connection: nothing else tells the client that the end is missing.
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
  // One method in two classes whose overloads TypeScript does not unite.
  return "stream" in response ? response.write(chunk) : response.write(chunk);
}

/** Waits until more can be written, or the connection is gone. */
async function drained(response: HttpResponse): Promise<void> {
  const over = new AbortController();
  await Promise.race([
    once(response, "drain", { signal: over.signal }),
    once(response, "close", { signal: over.signal }),
  ]).finally(() => over.abort());
}
