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

/** What a request and its copies have in common. */
export interface RequestBase<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodUnary<I, O>;
  /** The HTTP method that interceptors see. */
  readonly requestMethod: string;
  /** The beginning of the URL: scheme, host and port. */
  readonly origin: string;
  /** The URL that interceptors see; called when one reads it. */
  url(message: MessageShape<I>): string;
  /** The end of the call by its caller or its deadline. */
  readonly abort: Abort;
  /** Made when an interceptor first reads them. */
  contextValues: ContextValues | undefined;
  /** The `next` of the last interceptor: what sends the request, which reads it by the functions of the class alone. */
  readonly innermost: unknown;
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
      return this.#base.abort.signal;
    },
  };
  static readonly #ofUrl: Getter = {
    enumerable: true,
    get() {
      return this.#base.url(this.message);
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
      this.#base.contextValues ??= createContextValues();
      return this.#base.contextValues;
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
  readonly #base: RequestBase<I, O>;
  #header: Headers | undefined;
  #added: HeaderEntries | undefined;

  /** @param isSeen - whether interceptors will see it; its getters cost as much as a tenth of all that the client does for a call */
  constructor(
    base: RequestBase<I, O>,
    { message, header, added }: Pick<Sent<I>, "message" | "header" | "added">,
    isSeen = true,
  ) {
    this.service = base.method.parent;
    this.method = base.method;
    this.requestMethod = base.requestMethod;
    this.message = message;
    this.#base = base;
    this.#header = header;
    this.#added = added;
    if (!isSeen) return;
    Object.defineProperty(this, "url", LazyUnaryRequest.#ofUrl);
    Object.defineProperty(this, "header", LazyUnaryRequest.#ofHeader);
    Object.defineProperty(this, "contextValues", LazyUnaryRequest.#ofContextValues);
    Object.defineProperty(this, "signal", LazyUnaryRequest.#ofSignal);
  }

  /** The abort of a request, without making a signal where there is none yet. */
  static abortOf(request: { readonly signal: AbortSignal }): Abort {
    return #base in request ? request.#base.abort : abortOf(request.signal);
  }

  /** Scheme, host and port of a request's URL, without working out the path; `undefined` where the URL alone says it. */
  static originOf(request: { readonly url: string }): string | undefined {
    return #base in request ? request.#base.origin : undefined;
  }

  /** Whether a request has a header, by its name in lower case, without making the headers that are not there yet. */
  static hasHeader(request: HeaderHolder, name: string): boolean {
    if (!(#added in request)) return request.header.has(name);
    return request.#header?.has(name) === true || request.#added?.some(([given]) => given === name) === true;
  }

  /** The headers that a request sends. */
  static headersOf(request: HeaderHolder): Headers {
    if (!(#added in request)) return request.header;
    return sentHeadersOf({ header: request.#header, added: request.#added });
  }

  /** What a request sends, without making the headers and context values that are not there yet. */
  static sentOf<I extends DescMessage, O extends DescMessage>(request: UnaryRequest<I, O>): Sent<I> {
    const { message } = request;
    if (!(#added in request)) {
      return { message, header: request.header, added: undefined, contextValues: request.contextValues };
    }
    const { contextValues } = request.#base;
    return { message, header: request.#header, added: request.#added, contextValues };
  }

  /**
   * The request with those of some headers that it does not have yet. The request that was given stays as it is, so that
   * interceptors before this one do not see them.
   *
   * @param next - what it will be handed to. The innermost gets a request without getters: read its headers by {@link headersOf}.
   */
  static withDefaults<R extends HeaderHolder>(request: R, entries: HeaderEntries, next?: unknown): R {
    const isGiven = ([name]: HeaderEntries[number]) => LazyUnaryRequest.hasHeader(request, name);
    const isBare = #added in request && request.#header === undefined && request.#added === undefined;
    // The same array for all calls, as a rule: `rememberSecrets` reads each array once.
    const more = !isBare && entries.some(isGiven) ? entries.filter((entry) => !isGiven(entry)) : entries;
    if (!(#added in request)) {
      return { ...request, header: sentHeadersOf({ header: request.header, added: more }) };
    }
    const own: LazyUnaryRequest<DescMessage, DescMessage> = request;
    const added = own.#added === undefined ? more : [...own.#added, ...more];
    const sent = { message: own.message, header: own.#header, added };
    const copy = new LazyUnaryRequest(own.#base, sent, own.#base.innermost !== next);
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
export function copyHeaders(init: HeadersInit): Headers {
  try {
    return new Headers(init);
  } catch {
    const message = "a header of the call has a name or a value that HTTP does not allow";
    throw new CallError({ code: Code.InvalidArgument, message, requestSent: false });
  }
}
