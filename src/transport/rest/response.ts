// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { MAX_ERROR_BYTES } from "../../budgets/budgets.js";
import { CallError } from "../../errors/call-error.js";
import { isErrorResponse } from "../../errors/rest/error-body.js";
import { bareUrl } from "../../errors/rest/error-text.js";
import { fromRestError } from "../../errors/rest/rest-error.js";
import { fromBody, isRaw, type RestBody } from "../../http-rule/body/body.js";
import type { RestCall } from "../../http-rule/transcode.js";
import type { JsonOptions } from "../../json/context.js";
import { isWhiteSpace, JsonLimitError, parseJsonBytes } from "../../json/json-text.js";
import { isJsonObject } from "../../json/layout.js";
import type { HttpResponse } from "../http/engine.js";

/** The response to one request, and what reading it takes. */
export interface RestResponse {
  /** The call that it responds to. */
  readonly call: RestCall;
  /** The URL of that call. */
  readonly url: string;
  readonly http: HttpResponse;
  readonly json: JsonOptions;
  /** The largest message to take, in bytes. */
  readonly maxBytes: number;
}

/**
 * Reads the message of a successful unary response. No `content-type` is asked for, since some servers send none. A body
 * of no bytes, or of white space, is empty, whatever its coding.
 *
 * @throws CallError that of an AIP-193 body; `ResourceExhausted` above the size limit, `Unknown` for what is not JSON,
 * `DataLoss` for an operation that is not there, `Internal` for another absent body and for JSON that is not the message
 */
export async function readUnary(response: RestResponse): Promise<Message> {
  const { http, call, maxBytes } = response;
  const { content, complete } = await http.bytes(maxBytes);
  if (!complete) throw limitError(response, `is larger than maxResponseBytes, ${maxBytes}`);
  const { binding } = call;
  if (isRaw(binding.response)) return readMessage(response, rawBody(http, content));
  if (content.byteLength === 0) return emptyMessage(response);
  let value: JsonValue;
  try {
    value = parseJsonBytes(content);
  } catch (error) {
    if (content.every(isWhiteSpace)) return emptyMessage(response);
    throw parseError(response, content, error);
  }
  if (binding.response.kind === "message" && isErrorResponse(value, binding.method.output)) {
    throw errorOf(response, content);
  }
  return readMessage(response, { kind: "json", value });
}

/** The body of a `google.api.HttpBody`, or a piece of it, in bytes of its own. */
export function rawBody({ headers }: HttpResponse, bytes: Uint8Array): RestBody {
  return { kind: "raw", contentType: headers.get("content-type") ?? "", data: new Uint8Array(bytes) };
}

/**
 * The message that the body of a response holds, or one element of a stream.
 *
 * @throws CallError `DataLoss` for an operation with both an error and a response, `Internal` for other JSON that is not the
 * message
 */
export function readMessage(response: RestResponse, body: RestBody): Message {
  const { binding } = response.call;
  const { output } = binding.method;
  try {
    return fromBody(binding.response, output, { body, json: response.json });
  } catch (error) {
    if (isTwoResults(body, output)) {
      throw badResponse(response, Code.DataLoss, "the operation has both an error and a response", error);
    }
    throw badResponse(
      response,
      Code.Internal,
      `the response is JSON, but no valid ${output.typeName}`,
      error,
    );
  }
}

/** Whether the JSON is an operation of two results: nobody can tell how it ended, and polling again does not help. */
function isTwoResults(body: RestBody, { typeName }: DescMessage): boolean {
  if (typeName !== "google.longrunning.Operation" || body.kind !== "json" || !isJsonObject(body.value))
    return false;
  return (body.value.error ?? null) !== null && (body.value.response ?? null) !== null;
}

/**
 * Reads a response that is not a success. The status is enough, even where the body cannot be read. A redirect is among
 * them: followed, it would turn a POST into a GET, or carry credentials to another host.
 */
export async function readError(response: RestResponse): Promise<CallError> {
  const body = await response.http.bytes(MAX_ERROR_BYTES).then(
    ({ content }) => content,
    () => new Uint8Array(),
  );
  return errorOf(response, body);
}

function errorOf({ http, call, url, json }: RestResponse, body: Uint8Array): CallError {
  const { status, headers } = http;
  const { registry } = json;
  return new CallError({
    ...fromRestError({ status, headers, body, verb: call.verb, url, registry }),
    registry,
    requestSent: true,
  });
}

/** A response that costs more than the caller takes: `what` follows its name. */
export function limitError(response: RestResponse, what: string, cause?: unknown): CallError {
  return badResponse(response, Code.ResourceExhausted, `the response ${what}`, cause);
}

/** A message without fields, as JSON. */
const NO_FIELDS: RestBody = { kind: "json", value: {} };

/** The message of an empty body. Not an operation without any field: it would be polled forever. */
function emptyMessage(response: RestResponse): Message {
  const { typeName } = response.call.binding.method.output;
  const problem = `the response has no body (HTTP ${response.http.status}; expected a ${typeName})`;
  if (typeName === "google.protobuf.Empty") return readMessage(response, NO_FIELDS);
  if (typeName === "google.longrunning.Operation") throw badResponse(response, Code.DataLoss, problem);
  if (response.http.status === 204) return readMessage(response, NO_FIELDS);
  throw badResponse(response, Code.Internal, problem);
}

/** The error of a body that is not JSON, or more of it than the limits allow. */
function parseError(response: RestResponse, content: Uint8Array, error: unknown): CallError {
  if (error instanceof JsonLimitError) return limitError(response, error.message, error);
  const { status, headers } = response.http;
  const type = headers.get("content-type") ?? "no content-type";
  const coding = headers.get("content-encoding");
  const what = `${type}${coding === null ? "" : `, content-encoding ${coding}`}, ${content.byteLength} bytes`;
  const message = `HTTP ${status} ${response.call.verb} ${bareUrl(response.url)}: the response is not JSON (${what})`;
  return badResponse(response, Code.Unknown, message, error);
}

function badResponse({ http }: RestResponse, code: Code, message: string, cause?: unknown): CallError {
  return new CallError({
    code,
    message,
    ...(code === Code.ResourceExhausted && { reason: "response-too-large" }),
    cause,
    metadata: http.headers,
    httpStatus: http.status,
    requestSent: true,
  });
}
