// SPDX-License-Identifier: Apache-2.0
import type { Message } from "@bufbuild/protobuf";
import { routeOf, toRestCall } from "../../http-rule/transcode.js";
import type { Protocol, SentRequest } from "../call/protocol.js";
import { fromHttpError } from "../http/errors.js";
import { createMethodLookup, type RestMethod } from "./method.js";
import type { ResolvedRestOptions } from "./options.js";
import { toHttpRequest, toPath } from "./request.js";
import { type RestResponse, readError, readUnary } from "./response.js";
import { readStream } from "./stream.js";

/** REST: a request by the HTTP rule of its method, and the response that comes back. */
export function createRestProtocol(options: ResolvedRestOptions): Protocol<RestMethod> {
  return {
    methodOf: createMethodLookup(options),
    urlOf: (method, message) => urlOf(options, method, message),
    unary: async (request) => {
      const response = await send(options, request);
      return { message: await readUnary(response), header: () => response.http.headers, trailer: noTrailer };
    },
    serverStream: async (request) => {
      const response = await send(options, request);
      const messages = readStream(response);
      return {
        header: response.http.headers,
        trailer: noTrailer(),
        messages,
        cancel: () => void messages.return(undefined),
      };
    },
    fromError: fromHttpError,
  };
}

/**
 * Transcodes a request and sends it.
 *
 * @throws ConnectError `InvalidArgument`, before anything is sent, for a message that fits no binding; HttpError without a
 * response; CallError for any response but a success; the reason of an abort
 */
async function send(options: ResolvedRestOptions, request: SentRequest<RestMethod>): Promise<RestResponse> {
  const { method, message, contextValues, abort, progress } = request;
  const json = contextValues === undefined ? method.json : method.jsonFor(contextValues);
  const call = toRestCall(method.rule, message, json);
  const httpRequest = toHttpRequest(options, call, request);
  const http = await options.engine.send(httpRequest, abort, progress);
  const url = options.endpoint.origin + httpRequest.path;
  const response = { call, url, http, json, maxBytes: options.maxResponseBytes };
  if (http.status < 200 || http.status > 299) throw await readError(response);
  return response;
}

/**
 * The URL that a message as it is now is sent to. Without a message, or for one that fits no binding, which an interceptor
 * may yet complete, that of the primary binding with its variables still in it.
 */
function urlOf(options: ResolvedRestOptions, method: RestMethod, message: Message | undefined): string {
  if (message === undefined) return method.templateUrl;
  try {
    return options.endpoint.origin + toPath(options, routeOf(method.rule, message));
  } catch {
    // Should the message stay so, the call is rejected with the reason.
    return method.templateUrl;
  }
}

/** HTTP/1.1 has none that a JSON API would use. */
function noTrailer(): Headers {
  return new Headers();
}
