// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";

/** What a response brought beside its message. Each is called at most once. */
export interface ResponseMetadata {
  header(): Headers;
  trailer(): Headers;
}

/** The headers or trailers that a response brought, but for those that HTTP forbids: one of them must not cost the response. */
export function receivedHeaders(lines: Iterable<readonly [name: string, value: string]>): Headers {
  const headers = new Headers();
  for (const [name, value] of lines) {
    try {
      headers.append(name, value);
    } catch {
      // Not a legal header name or value: nothing that a caller could ask for.
    }
  }
  return headers;
}

type Getter = PropertyDescriptor & ThisType<LazyResponse<DescMessage, DescMessage>>;

/**
 * The response of a unary call. Its headers and trailers are made when somebody reads them: by getters that are own
 * properties, since interceptors copy responses (`{ ...response, message }`), and that are one function each for all
 * responses, since a getter in an object literal makes V8 keep a hidden class for each object.
 */
export class LazyResponse<I extends DescMessage, O extends DescMessage> implements UnaryResponse<I, O> {
  static readonly #ofHeader: Getter = {
    enumerable: true,
    get() {
      this.#header ??= this.#metadata.header();
      return this.#header;
    },
  };
  static readonly #ofTrailer: Getter = {
    enumerable: true,
    get() {
      this.#trailer ??= this.#metadata.trailer();
      return this.#trailer;
    },
  };

  readonly stream = false;
  readonly service: UnaryResponse["service"];
  readonly method: DescMethodUnary<I, O>;
  readonly message: MessageShape<O>;
  declare readonly header: Headers;
  declare readonly trailer: Headers;
  readonly #metadata: ResponseMetadata;
  #header: Headers | undefined;
  #trailer: Headers | undefined;

  constructor(method: DescMethodUnary<I, O>, message: MessageShape<O>, metadata: ResponseMetadata) {
    this.service = method.parent;
    this.method = method;
    this.message = message;
    this.#metadata = metadata;
    Object.defineProperty(this, "header", LazyResponse.#ofHeader);
    Object.defineProperty(this, "trailer", LazyResponse.#ofTrailer);
  }
}
