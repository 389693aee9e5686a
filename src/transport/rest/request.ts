// SPDX-License-Identifier: Apache-2.0

import type { Message } from "@bufbuild/protobuf";
import type { JsonFunctions } from "../../http-rule/json-functions.js";
import { type RestCall, toRestCall } from "../../http-rule/transcode.js";
import type { HttpRequest } from "../http/http-client.js";
import type { RestMethod } from "./method.js";
import type { ResolvedRestOptions } from "./options.js";
import { completeRestHeaders } from "./rest-headers.js";

/** A call, transcoded: what goes on the wire, and how to read the answer. */
export interface TranscodedCall {
  readonly request: HttpRequest;
  readonly binding: RestCall["binding"];
}

/** What a request is made from. */
export interface CallParts {
  readonly method: RestMethod;
  readonly message: Message;
  readonly json: JsonFunctions;
  /** The caller's; completed in place. */
  readonly headers: Headers;
  readonly timeoutMs: number | undefined;
}

/**
 * The HTTP request for a message.
 *
 * @throws ConnectError InvalidArgument for a message that fits no binding, before anything is sent.
 */
export function toRestRequest(options: ResolvedRestOptions, parts: CallParts): TranscodedCall {
  const { endpoint, systemQuery, sendServerTimeout } = options;
  const { method, message, json, headers, timeoutMs } = parts;
  const { verb, path, query, body, binding } = toRestCall(method.rule, message, json);
  const completeQuery = query === "" || systemQuery === "" ? query + systemQuery : `${query}&${systemQuery}`;
  completeRestHeaders(headers, {
    contentType: body?.contentType,
    serverTimeoutMs: sendServerTimeout ? timeoutMs : undefined,
  });
  return {
    request: {
      method: verb,
      origin: endpoint.origin,
      path: endpoint.prefix + path + (completeQuery === "" ? "" : `?${completeQuery}`),
      headers,
      body: body?.content,
    },
    binding,
  };
}

/** A request as it would be sent, for logs, tests and people. */
export interface RestRequest {
  /** The HTTP method: `POST`. */
  readonly method: string;
  readonly url: string;
  /** Lower-case names. Those that interceptors add (credentials) are not among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent when the request has no body. Bytes only for a `google.api.HttpBody`. */
  readonly body?: string | Uint8Array;
}

/** The methods whose requests say that they have no body. */
const SAYS_LENGTH = new Set(["POST", "PUT", "PATCH"]);

/** Shows a transcoded call, with the `content-length` that the engine adds. */
export function describeRequest({ request }: TranscodedCall): RestRequest {
  const { method, origin, path, headers, body } = request;
  const size = typeof body === "string" ? new TextEncoder().encode(body).byteLength : (body?.byteLength ?? 0);
  const saysLength = body !== undefined || SAYS_LENGTH.has(method);
  return {
    method,
    url: origin + path,
    headers: { ...Object.fromEntries(headers), ...(saysLength && { "content-length": String(size) }) },
    ...(body !== undefined && { body }),
  };
}
