// SPDX-License-Identifier: Apache-2.0

import { once } from "node:events";
import type { JsonValue } from "@bufbuild/protobuf";
import { stringifyJson } from "../../../json/json-text.js";
import type { ServerAnswer } from "../http-servers.js";

/** How the messages of a stream become JSON. */
export interface StreamEncoding<T> {
  toJson(message: T): JsonValue;
  /** The last element of a stream that breaks: `{"error": {…}}`. */
  errorToJson(error: unknown): JsonValue;
  /** Headers, asked for when the first message is there. */
  headers(): Record<string, string>;
}

/**
 * Answers a server stream as Google's servers do: one JSON array whose elements are sent as they come. A
 * failure on the way becomes the last element; one before the first message is thrown, as it can still be an
 * answer of its own.
 */
export async function answerStream<T>(
  answer: ServerAnswer,
  messages: AsyncIterable<T>,
  encoding: StreamEncoding<T>,
): Promise<void> {
  let isFirst = true;
  const begin = () => {
    answer.writeHead(200, { ...encoding.headers(), "content-type": "application/json; charset=UTF-8" });
    isFirst = false;
  };
  try {
    for await (const message of messages) {
      if (answer.destroyed) return;
      const text = stringifyJson(encoding.toJson(message));
      const separator = isFirst ? "[" : ",\n";
      if (isFirst) begin();
      if (!writeChunk(answer, separator + text)) await drained(answer);
    }
    const isEmpty = isFirst;
    if (isEmpty) begin();
    answer.end(isEmpty ? "[]" : "]");
  } catch (error) {
    if (isFirst) throw error;
    answer.end(`,\n${JSON.stringify(encoding.errorToJson(error))}]`);
  }
}

/** A part of a file, as a google.api.HttpBody has it. */
export interface FilePiece {
  readonly contentType: string;
  readonly data: Uint8Array;
}

/**
 * Answers a stream of pieces as one file, under the content type of the first. A failure on the way cuts the
 * connection: nothing else tells the client that the end is missing.
 */
export async function answerFile(
  answer: ServerAnswer,
  pieces: AsyncIterable<FilePiece>,
  headers: () => Record<string, string>,
): Promise<void> {
  try {
    for await (const { contentType, data } of pieces) {
      if (answer.destroyed) return;
      if (!answer.headersSent) answer.writeHead(200, { ...headers(), "content-type": contentType });
      if (!writeChunk(answer, data)) await drained(answer);
    }
    if (!answer.headersSent) answer.writeHead(200, headers());
    answer.end();
  } catch (error) {
    if (!answer.headersSent) throw error;
    answer.destroy();
  }
}

function writeChunk(answer: ServerAnswer, chunk: string | Uint8Array): boolean {
  // One method in two classes whose overloads TypeScript does not unite.
  return "stream" in answer ? answer.write(chunk) : answer.write(chunk);
}

/** Waits until more can be written, or the connection is gone. */
async function drained(answer: ServerAnswer): Promise<void> {
  const over = new AbortController();
  await Promise.race([
    once(answer, "drain", { signal: over.signal }),
    once(answer, "close", { signal: over.signal }),
  ]).finally(() => over.abort());
}
