// SPDX-License-Identifier: Apache-2.0

import type { DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { codeOfName } from "../../names/code-name.js";
import { isJsonObject } from "../layout.js";
import { createJsonSplitter } from "./json-splitter.js";

/**
 * The JSON values of a streamed HTTP body, each as soon as its last byte is there. It takes both forms that
 * servers have, and tells them apart by the first byte: one array whose elements come one by one (Google's
 * APIs), and values on lines of their own (grpc-gateway). Chunks may end anywhere, inside a UTF-8 sequence
 * too; a byte order mark is skipped. An empty body has no values.
 *
 * @param limit - bytes that one value may have
 * @throws ConnectError with INTERNAL for what is not JSON or ends too early; JsonLimitError for a value beyond a limit
 */
export async function* splitJsonStream(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<JsonValue, void, undefined> {
  const splitter = createJsonSplitter(limit);
  for await (const chunk of chunks) {
    yield* splitter.push(chunk);
  }
  yield* splitter.end();
}

/**
 * The error with which a stream ends after HTTP 200: the value of `error`, in the last
 * element `{"error":{"code":404,"status":"NOT_FOUND",…}}`. `undefined` for a message.
 *
 * An element is an error only if `error` is its single member, has the form of one, and the streamed message has
 * no field of that name: an Operation with `error` is a message.
 */
export function streamErrorOf(element: JsonValue, output: DescMessage): JsonObject | undefined {
  const error = envelopeOf(element, "error", output);
  if (!isJsonObject(error)) {
    return undefined;
  }
  const { status, code, grpc_code: grpcCode } = error;
  const named = typeof status === "string" && (codeOfName(status) ?? 0) > 0;
  return named || isErrorNumber(code) || isErrorNumber(grpcCode) ? error : undefined;
}

/**
 * The message of a stream's element: the value of `result` where grpc-gateway has put it into such an
 * envelope, else the element. A message that has a field `result` itself is never taken apart.
 */
export function streamMessageOf(element: JsonValue, output: DescMessage): JsonValue {
  return envelopeOf(element, "result", output) ?? element;
}

/** The single member of an object, if it has this key and the message has no field of this name. */
function envelopeOf(element: JsonValue, key: string, output: DescMessage): JsonValue | undefined {
  if (!isJsonObject(element) || Object.keys(element).length !== 1) {
    return undefined;
  }
  const isField = output.fields.some((field) => field.name === key || field.jsonName === key);
  return isField || !Object.hasOwn(element, key) ? undefined : element[key];
}

/** An HTTP status of an error, or a code of google.rpc.Code other than OK. */
function isErrorNumber(code: JsonValue | undefined): boolean {
  return typeof code === "number" && Number.isInteger(code) && (code >= 400 || (code > 0 && code <= 16));
}
