// SPDX-License-Identifier: Apache-2.0
import type { Message } from "@bufbuild/protobuf";
import type { Binding } from "./binding.js";
import { fromBody, toBody } from "./body/body.js";
import type { JsonFunctions, RestBody } from "./json-functions.js";

/** Whether a response's body is the bytes of a `google.api.HttpBody`, not JSON. */
export function isRawResponse({ response }: Binding): boolean {
  return response.kind === "raw" || response.kind === "raw-field";
}

/**
 * The response message of a body: all of it, or the field that `response_body` names. Of a stream, call it for each
 * element. Throws what `json.fromJson` throws.
 */
export function decodeResponse({ response, method }: Binding, body: RestBody, json: JsonFunctions): Message {
  return fromBody(response, method.output, { body, json });
}

/** The body of a response message: the inverse of {@link decodeResponse}. Throws what `json.toJson` throws. */
export function encodeResponse(
  { response, method }: Binding,
  message: Message,
  json: JsonFunctions,
): RestBody {
  return toBody(response, method.output, { message, json }) ?? { kind: "json", value: {} };
}
