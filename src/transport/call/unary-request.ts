// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import { Code, type ContextValues, createContextValues, type UnaryRequest } from "@connectrpc/connect";
import { CallError } from "../../errors/call-error.js";
import { type Abort, abortOf } from "./abort.js";

/** Header names in lower case, with their values. */
export type HeaderEntries = readonly (readonly [name: string, value: string])[];

interface HeaderHolder {
  readonly header: Headers;
}

/** What a request is made of. */
export interface UnaryRequestParts<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodUnary<I, O>;
  /** The HTTP method that interceptors see. */
  readonly requestMethod: string;
  /** The beginning of the URL: scheme, host and port. */
  readonly origin: string;
  /** The URL that interceptors see; called when one reads it. */
  url(message: MessageShape<I>): string;
  readonly header: HeadersInit | undefined;
  readonly contextValues: ContextValues | undefined;
}

/** What a request has so far: nothing is made that neither the caller gave nor an interceptor used. */
export interface RequestSettings {
  readonly header: Headers | undefined;
  /** Set over `header`. @default none */
  readonly added?: HeaderEntries | undefined;
  readonly contextValues: ContextValues | undefined;
}

/** What is sent, as the interceptors left it. */
export interface Sent<I extends DescMessage> extends RequestSettings {
  readonly message: MessageShape<I>;
}

type Getter = PropertyDescriptor & ThisType<LazyUnaryRequest<DescMessage, DescMessage>>;

/**
 * A unary request as interceptors get it. Its URL, signal, headers and context values are made when an interceptor first uses
 * them: by getters that are own properties, since interceptors copy requests (`{ ...request, message }`), and that are one
 * function for all requests, since a getter in an object literal makes V8 keep a hidden class for each object.
 */
export class LazyUnaryRequest<I extends DescMessage, O extends DescMessage> implements UnaryRequest<I, O> {
  static readonly #ofSignal: Getter = {
    enumerable: true,
    get() {
      return this.#abort.signal;
    },
  };
  static readonly #ofUrl: Getter = {
    enumerable: true,
    get() {
      return this.#url(this.message);
    },
  };
  static readonly #ofHeader: Getter = {
    enumerable: true,
    get() {
      this.#header = sentHeadersOf({ header: this.#header, added: this.#added });
      this.#added = undefined;
      return this.#header;
    },
  };
  static readonly #ofContextValues: Getter = {
    enumerable: true,
    get() {
      this.#context.values ??= createContextValues();
      return this.#context.values;
    },
  };

  readonly stream = false;
  readonly service: UnaryRequest["service"];
  readonly method: DescMethodUnary<I, O>;
  readonly requestMethod: string;
  readonly message: MessageShape<I>;
  declare readonly url: string;
  declare readonly header: Headers;
  declare readonly contextValues: ContextValues;
  declare readonly signal: AbortSignal;
  readonly #abort: Abort;
  readonly #origin: string;
  readonly #url: UnaryRequestParts<I, O>["url"];
  #header: Headers | undefined;
  #added: HeaderEntries | undefined;
  /** Shared by a request and its copies. */
  #context: { values: ContextValues | undefined };

  /** @throws CallError `InvalidArgument` for a header that HTTP does not allow. */
  constructor(parts: UnaryRequestParts<I, O>, message: MessageShape<I>, abort: Abort) {
    this.service = parts.method.parent;
    this.method = parts.method;
    this.requestMethod = parts.requestMethod;
    this.#origin = parts.origin;
    this.#url = parts.url;
    this.message = message;
    this.#abort = abort;
    this.#header = copyHeaders(parts.header);
    this.#context = { values: parts.contextValues };
    Object.defineProperty(this, "url", LazyUnaryRequest.#ofUrl);
    Object.defineProperty(this, "header", LazyUnaryRequest.#ofHeader);
    Object.defineProperty(this, "contextValues", LazyUnaryRequest.#ofContextValues);
    Object.defineProperty(this, "signal", LazyUnaryRequest.#ofSignal);
  }

  /** The abort of a request, without making a signal where there is none yet. */
  static abortOf(request: { readonly signal: AbortSignal }): Abort {
    return #abort in request ? request.#abort : abortOf(request.signal);
  }

  /** Scheme, host and port of a request's URL, without working out the path; `undefined` where the URL alone says it. */
  static originOf(request: { readonly url: string }): string | undefined {
    return #origin in request ? request.#origin : undefined;
  }

  /** Whether a request has a header, by its name in lower case, without making the headers that are not there yet. */
  static hasHeader(request: HeaderHolder, name: string): boolean {
    if (!(#added in request)) return request.header.has(name);
    return request.#header?.has(name) === true || request.#added?.some(([given]) => given === name) === true;
  }

  /** The headers and context values of a request, without making those that are not there yet. */
  static settingsOf(request: HeaderHolder & { readonly contextValues: ContextValues }): RequestSettings {
    if (!(#added in request)) {
      return { header: request.header, added: undefined, contextValues: request.contextValues };
    }
    return { header: request.#header, added: request.#added, contextValues: request.#context.values };
  }

  /**
   * The request with more headers, which go over those that it has. The request that was given stays as it is, so that
   * interceptors before this one do not see them.
   */
  static withHeaders<R extends HeaderHolder>(request: R, entries: HeaderEntries): R {
    if (!(#added in request)) {
      return { ...request, header: sentHeadersOf({ header: request.header, added: entries }) };
    }
    const own: LazyUnaryRequest<DescMessage, DescMessage> = request;
    const { method, requestMethod, message } = own;
    const parts = {
      method,
      requestMethod,
      origin: own.#origin,
      url: own.#url,
      header: undefined,
      contextValues: undefined,
    };
    const copy = new LazyUnaryRequest(parts, message, own.#abort);
    copy.#context = own.#context;
    copy.#header = own.#header;
    copy.#added = own.#added === undefined ? entries : [...own.#added, ...entries];
    // A copy of a request is of the request's own type; the class's type parameters are unknown here.
    return copy as typeof own & R;
  }
}

/** The headers of a request as one `Headers`, which is the request's own unless some were added. */
export function sentHeadersOf({ header, added }: Omit<RequestSettings, "contextValues">): Headers {
  if (added === undefined) return header ?? new Headers();
  const all = new Headers(header);
  for (const [name, value] of added) all.set(name, value);
  return all;
}

/**
 * The caller's headers as a call begins: a copy, since they are completed for the wire.
 *
 * @throws CallError `InvalidArgument` for one that HTTP does not allow. It has no cause: the platform's error shows the
 * value, which may be a credential.
 */
export function copyHeaders(init: HeadersInit | undefined): Headers | undefined {
  if (init === undefined) return undefined;
  try {
    return new Headers(init);
  } catch {
    const message = "a header of the call has a name or a value that HTTP does not allow";
    throw new CallError({ code: Code.InvalidArgument, message, requestSent: false });
  }
}
