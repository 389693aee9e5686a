// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError, type ContextValues, type HandlerContext } from "@connectrpc/connect";
import { listenToAbort } from "../../time/abort.js";
import { type Clock, sleep } from "../../time/clock.js";

/** Inputs of a call's context. */
export interface CallContextInit {
  readonly method: DescMethod;
  readonly protocolName: string;
  readonly requestMethod: string;
  readonly url: string;
  /** In the form of node:http: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  readonly values: ContextValues;
  /** How long the client waits, in milliseconds. */
  readonly timeoutMs: number | undefined;
  readonly clock: Clock;
  /** Aborted when the server ends calls in flight. */
  readonly closing: AbortSignal;
  /** Calls `listener` once, when the response was sent or the connection is lost. */
  onOver(listener: () => void): void;
}

/** The context of a call that is not handled by Connect. */
export interface CallContext extends HandlerContext {
  /** Headers that the implementation set; `undefined` when it set none. */
  readonly setHeaders: Headers | undefined;
  /** Trailers that it set. */
  readonly setTrailers: Headers | undefined;
}

/**
 * The context passed to an implementation, with the same contents as Connect's. It owns the call's deadline. Its signal
 * and headers are created on first use, since most calls never use them.
 */
export function createCallContext(init: CallContextInit): CallContext {
  return new LazyContext(init);
}

/** A class because of its accessors: those of an object literal are created for each call, which costs 2 us. */
class LazyContext implements CallContext {
  readonly #init: CallContextInit;
  readonly #startMs: number;
  #signal: AbortSignal | undefined;
  #requestHeader: Headers | undefined;
  setHeaders: Headers | undefined;
  setTrailers: Headers | undefined;

  constructor(init: CallContextInit) {
    this.#init = init;
    this.#startMs = init.timeoutMs === undefined ? 0 : init.clock.now();
  }

  readonly timeoutMs = (): number | undefined => {
    const { timeoutMs, clock } = this.#init;
    return timeoutMs === undefined ? undefined : Math.ceil(timeoutMs - (clock.now() - this.#startMs));
  };

  get method() {
    return this.#init.method;
  }
  get service() {
    return this.#init.method.parent;
  }
  get requestMethod() {
    return this.#init.requestMethod;
  }
  get url() {
    return this.#init.url;
  }
  get protocolName() {
    return this.#init.protocolName;
  }
  get values() {
    return this.#init.values;
  }
  get signal() {
    this.#signal ??= callSignal(this.#init);
    return this.#signal;
  }
  get requestHeader() {
    this.#requestHeader ??= headersOf(this.#init.rawHeaders);
    return this.#requestHeader;
  }
  get responseHeader() {
    this.setHeaders ??= new Headers();
    return this.setHeaders;
  }
  get responseTrailer() {
    this.setTrailers ??= new Headers();
    return this.setTrailers;
  }
}

/** Aborts when the call is over, when the server is closing, and at the deadline. */
function callSignal({ onOver, closing, clock, timeoutMs }: CallContextInit): AbortSignal {
  const call = new AbortController();
  const onClosing = () => call.abort(new ConnectError("The server is closing.", Code.Unavailable));
  const stopListening = listenToAbort(closing, onClosing);
  onOver(() => {
    stopListening();
    call.abort(new ConnectError("The call is over.", Code.Canceled));
  });
  if (closing.aborted) onClosing();
  if (timeoutMs !== undefined) {
    sleep(clock, timeoutMs, call.signal).then(
      () => call.abort(new ConnectError("The call's deadline passed.", Code.DeadlineExceeded)),
      () => {}, // the call was over before its deadline
    );
  }
  return call.signal;
}

function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? "";
    if (!name.startsWith(":")) headers.append(name, raw[at + 1] ?? "");
  }
  return headers;
}
