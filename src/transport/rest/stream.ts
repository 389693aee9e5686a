// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, Message } from "@bufbuild/protobuf";
import { CallError } from "../../errors/call-error.js";
import { fromStreamError } from "../../errors/rest/rest-error.js";
import { decodeResponse, isRawResponse } from "../../http-rule/response.js";
import { JsonLimitError } from "../../json/parse-json.js";
import { splitJsonStream, streamErrorOf, streamMessageOf } from "../../json/stream/json-stream.js";
import { decodeElement, limitError, type RestResponse } from "./response.js";

/**
 * The messages of a successful server-streaming response, each as soon as it is there: the elements of one JSON array, or
 * JSON values on lines of their own. A `google.api.HttpBody` comes in pieces, as the bytes do.
 *
 * @throws CallError when the stream ends with an error, which after HTTP 200 is its last element
 */
export async function* readStream(response: RestResponse): AsyncGenerator<Message, void, undefined> {
  const { request, http, json, maxBytes } = response;
  const { binding } = request;
  if (isRawResponse(binding)) {
    const contentType = http.headers.get("content-type") ?? "";
    for await (const chunk of http.chunks()) {
      yield decodeResponse(binding, { kind: "raw", contentType, data: new Uint8Array(chunk) }, json);
    }
    return;
  }
  const { output } = binding.method;
  try {
    for await (const element of splitJsonStream(http.chunks(), maxBytes)) {
      const error = streamErrorOf(element, output);
      if (error !== undefined) throw endedBy(error, response);
      yield decodeElement(response, streamMessageOf(element, output));
    }
  } catch (error) {
    throw error instanceof JsonLimitError ? limitError(response, error.message, error) : error;
  }
}

function endedBy(error: JsonObject, { http, json }: RestResponse): CallError {
  const { status: httpStatus, headers: metadata } = http;
  return new CallError({ ...fromStreamError(error, json.registry), metadata, httpStatus, requestSent: true });
}
