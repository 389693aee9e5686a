// SPDX-License-Identifier: Apache-2.0
import type { Message } from "@bufbuild/protobuf";
import type { UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import type { HttpResponse } from "./http-client/http-client.js";

/**
 * The response of a unary call. Its headers are built when somebody looks: by a getter that is an own property, since
 * interceptors copy responses (`{ ...response, message }`), and that is one function for all responses, since a getter in
 * an object literal makes V8 keep a hidden class for each object.
 */
export class RestResponse implements UnaryResponse {
  static readonly #header: PropertyDescriptor & ThisType<RestResponse> = {
    enumerable: true,
    get() {
      return this.#http.headers;
    },
  };

  readonly stream = false;
  readonly service: UnaryResponse["service"];
  readonly method: UnaryResponse["method"];
  readonly message: Message;
  declare readonly header: Headers;
  /** HTTP/1.1 has none that a JSON API would use. */
  readonly trailer = new Headers();
  readonly #http: HttpResponse;

  constructor(request: UnaryRequest, http: HttpResponse, message: Message) {
    this.service = request.service;
    this.method = request.method;
    this.message = message;
    this.#http = http;
    Object.defineProperty(this, "header", RestResponse.#header);
  }
}
