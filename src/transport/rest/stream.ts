// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, Message } from "@bufbuild/protobuf";
import { CallError } from "../../errors/call-error.js";
import { fromStreamError } from "../../errors/rest/rest-error.js";
import { isRaw } from "../../http-rule/body/body.js";
import { JsonLimitError } from "../../json/json-text.js";
import { splitJsonStream, streamErrorOf, streamMessageOf } from "../../json/stream/json-stream.js";
import { limitError, type RestResponse, rawBody, readMessage } from "./response.js";

/**
 * The messages of a successful server-streaming response, each as soon as it is there: the elements of one JSON array, or
 * JSON values on lines of their own. A `google.api.HttpBody` comes in pieces, as the bytes do.
 *
 * @throws CallError when the stream ends with an error, which after HTTP 200 is its last element
 */
export async function* readStream(response: RestResponse): AsyncGenerator<Message, void, undefined> {
  const { call, http, maxBytes } = response;
  const { response: plan, method } = call.binding;
  if (isRaw(plan)) {
    for await (const chunk of http.chunks()) yield readMessage(response, rawBody(http, chunk));
    return;
  }
  try {
    for await (const element of splitJsonStream(http.chunks(), maxBytes)) {
      const error = streamErrorOf(element, method.output);
      if (error !== undefined) throw endedBy(error, response);
      yield readMessage(response, { kind: "json", value: streamMessageOf(element, method.output) });
    }
  } catch (error) {
    throw error instanceof JsonLimitError ? limitError(response, error.message, error) : error;
  }
}

function endedBy(error: JsonObject, { http, json }: RestResponse): CallError {
  const { status: httpStatus, headers: metadata } = http;
  return new CallError({ ...fromStreamError(error, json.registry), metadata, httpStatus, requestSent: true });
}
