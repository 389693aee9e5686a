// SPDX-License-Identifier: Apache-2.0
import type { JsonValue, Message } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { CallError } from "../../errors/call-error.js";
import { isErrorResponse } from "../../errors/rest/error-body.js";
import { bareUrl } from "../../errors/rest/error-text.js";
import { fromRestError } from "../../errors/rest/rest-error.js";
import { decodeResponse, isRawResponse } from "../../http-rule/response.js";
import { JsonLimitError, parseJsonBytes } from "../../json/parse-json.js";
import type { HttpResponse } from "../http/http-client.js";
import type { TypedJson } from "./method.js";
import type { TranscodedCall } from "./request.js";

/** An error's body is read up to here, in bytes. */
const MAX_ERROR_BYTES = 64 * 1024;

/** The answer to one call, and what reading it takes. */
export interface Answer {
  readonly call: TranscodedCall;
  readonly response: HttpResponse;
  readonly json: TypedJson;
  readonly maxBytes: number;
}

/** Whether the answer is a success, whose body is the response message. */
export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/**
 * Reads the message of a successful unary answer. No `content-type` is asked for, since some servers send none; and an
 * `error` in the body is data where `isErrorResponse` says so: `google.longrunning.Operation` has such a field.
 *
 * @throws CallError `ResourceExhausted` above the size limit, `Unknown` for what is not JSON, `Internal` for an absent
 * body and for JSON that is not the response message
 */
export async function readUnary(answer: Answer): Promise<Message> {
  const { call, response, json, maxBytes } = answer;
  const { content, complete } = await response.bytes(maxBytes);
  if (!complete) throw tooLarge(answer);
  const { binding } = call;
  if (isRawResponse(binding)) {
    const contentType = response.headers.get("content-type") ?? "";
    return decodeResponse(binding, { kind: "raw", contentType, data: new Uint8Array(content) }, json);
  }
  const { output } = binding.method;
  if (content.byteLength > 0) {
    const value = parseJson(answer, content);
    if (binding.response.kind === "message" && isErrorResponse(value, output)) {
      throw errorOf(answer, content);
    }
    return decodeElement(answer, value);
  }
  if (response.status === 204 || output.typeName === "google.protobuf.Empty")
    return decodeElement(answer, {});
  throw badAnswer(
    answer,
    Code.Internal,
    `the answer has an empty response body, expected a ${output.typeName}`,
  );
}

/** The message in the JSON of an answer. */
export function decodeElement(answer: Answer, value: JsonValue): Message {
  try {
    return decodeResponse(answer.call.binding, { kind: "json", value }, answer.json);
  } catch (error) {
    const { typeName } = answer.call.binding.method.output;
    throw badAnswer(answer, Code.Internal, `the answer is JSON, but no valid ${typeName}`, error);
  }
}

/**
 * Reads an answer that is not a success. Its status tells, even where the body cannot be read. A redirect is among
 * them: followed, it would turn a POST into a GET, or carry credentials to another host.
 */
export async function readError(answer: Answer): Promise<CallError> {
  const body = await answer.response.bytes(MAX_ERROR_BYTES).then(
    ({ content }) => content,
    () => new Uint8Array(),
  );
  return errorOf(answer, body);
}

function errorOf({ call, response, json }: Answer, body: Uint8Array): CallError {
  const { status, headers } = response;
  const { method: verb, origin, path } = call.request;
  const url = origin + path;
  return new CallError({
    ...fromRestError({ status, headers, body, verb, url, registry: json.registry }),
    registry: json.registry,
    requestSent: true,
  });
}

/** An answer that is larger than the caller takes. */
export function tooLarge(answer: Answer): CallError {
  return badAnswer(
    answer,
    Code.ResourceExhausted,
    `the answer is larger than maxResponseBytes, ${answer.maxBytes}`,
  );
}

function parseJson(answer: Answer, content: Uint8Array): JsonValue {
  try {
    return parseJsonBytes(content);
  } catch (error) {
    if (error instanceof JsonLimitError) {
      throw badAnswer(answer, Code.ResourceExhausted, `the JSON of the response ${error.message}`, error);
    }
    const { status, headers } = answer.response;
    const { method, origin, path } = answer.call.request;
    const type = headers.get("content-type") ?? "no content-type";
    const coding = headers.get("content-encoding");
    const what = `${type}${coding === null ? "" : `, content-encoding ${coding}`}, ${content.byteLength} bytes`;
    const message = `HTTP ${status} ${method} ${bareUrl(origin + path)}: the answer is not JSON (${what})`;
    throw badAnswer(answer, Code.Unknown, message, error);
  }
}

function badAnswer({ response }: Answer, code: Code, message: string, cause?: unknown): CallError {
  return new CallError({
    code,
    message,
    cause,
    metadata: response.headers,
    httpStatus: response.status,
    requestSent: true,
  });
}
