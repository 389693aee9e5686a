// SPDX-License-Identifier: Apache-2.0
import { create, type DescMessage, type Message, type MessageInitShape } from "@bufbuild/protobuf";
import type { Interceptor, UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { abortOf, CallAbort, type CallLimits } from "./call-abort.js";
import type { Abort } from "./http-client/http-client.js";

/** A unary call as the interceptors get it; its signal is added here. */
export type UnaryParts<I extends DescMessage, O extends DescMessage> = Omit<
  UnaryRequest<I, O>,
  "signal" | "message" | "stream"
> & { readonly message: MessageInitShape<I> };

/** What a call is run with. */
export interface UnaryRun extends CallLimits {
  /** The first one outermost. */
  readonly interceptors: readonly Interceptor[];
  /** What carries the call once all interceptors have had their say. */
  carry(request: UnaryRequest, abort: Abort): Promise<UnaryResponse>;
}

/**
 * Runs a unary call through the interceptors, as `runUnaryCall` of Connect does, with two differences. It makes a signal
 * only if somebody looks at the request's. And it rejects in the turn in which the caller aborts or the deadline passes,
 * even when an interceptor takes no notice.
 *
 * It rejects with what the call threw, with the reason of the caller's signal, or with `DeadlineExceeded`.
 */
export function runUnary<I extends DescMessage, O extends DescMessage>(
  parts: UnaryParts<I, O>,
  { signal, timeoutMs, interceptors, carry }: UnaryRun,
): Promise<UnaryResponse<I, O>> {
  const message = create(parts.method.input, parts.message);
  const abort = new CallAbort({ signal, timeoutMs });
  const own = new OwnRequest(parts, message, abort);
  const innermost: Parameters<Interceptor>[0] = (request) => {
    if (request.stream) throw new ConnectError("an interceptor made a stream of a unary call", Code.Internal);
    // An interceptor may hand on another request, with a signal of its own.
    return carry(request, request === own ? abort : abortOf(request.signal));
  };
  return new Promise((resolve, reject) => {
    const fail = (reason: unknown) => {
      abort.release();
      reject(reason);
    };
    const succeed = (response: unknown) => {
      abort.release();
      // What interceptors answer with is typed for any method: that it is this one's is their contract.
      resolve(response as UnaryResponse<I, O>);
    };
    if (abort.aborted) {
      fail(abort.reason);
      return;
    }
    abort.listen(() => fail(abort.reason));
    try {
      const outermost = interceptors.reduceRight((next, interceptor) => interceptor(next), innermost);
      outermost(own).then(succeed, fail);
    } catch (error) {
      // An interceptor that is no async function throws at once.
      fail(error);
    }
  });
}

/**
 * The request as the first interceptor gets it. Its signal is made when somebody looks: by a getter that is an own
 * property, since interceptors copy requests (`{ ...request, message }`), and that is one function for all requests, since
 * a getter in an object literal makes V8 keep a hidden class for each object.
 */
class OwnRequest implements UnaryRequest {
  static readonly #signal: PropertyDescriptor & ThisType<OwnRequest> = {
    enumerable: true,
    get() {
      return this.#abort.signal;
    },
  };

  readonly stream = false;
  readonly service: UnaryRequest["service"];
  readonly method: UnaryRequest["method"];
  readonly requestMethod: string;
  readonly url: string;
  readonly header: Headers;
  readonly contextValues: UnaryRequest["contextValues"];
  readonly message: UnaryRequest["message"];
  declare readonly signal: AbortSignal;
  readonly #abort: Abort;

  constructor(parts: Omit<UnaryRequest, "signal" | "stream" | "message">, message: Message, abort: Abort) {
    this.service = parts.service;
    this.method = parts.method;
    this.requestMethod = parts.requestMethod;
    this.url = parts.url;
    this.header = parts.header;
    this.contextValues = parts.contextValues;
    this.message = message;
    this.#abort = abort;
    Object.defineProperty(this, "signal", OwnRequest.#signal);
  }
}
