// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type {
  ContextValues,
  Interceptor,
  StreamRequest,
  UnaryRequest,
  UnaryResponse,
} from "@connectrpc/connect";
import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import { type Abort, abortOf } from "./abort.js";
import { CallAbort, type CallLimits } from "./call-abort.js";
import { callersHeaders } from "./request-headers.js";

/** What is sent, as the interceptors left it. */
export interface SentUnary<I extends DescMessage> {
  readonly message: MessageShape<I>;
  /** The call's own. Absent when the caller has given none and nobody has looked. */
  readonly header: Headers | undefined;
  readonly contextValues: ContextValues | undefined;
}

/** A unary call, before interceptors have seen it. */
export interface UnaryRun<I extends DescMessage, O extends DescMessage> extends CallLimits {
  readonly method: DescMethodUnary<I, O>;
  /** What interceptors see as the HTTP method and the URL. */
  readonly requestMethod: string;
  readonly url: string;
  readonly header: HeadersInit | undefined;
  readonly message: MessageInitShape<I>;
  readonly contextValues: ContextValues | undefined;
  /** The first one outermost. */
  readonly interceptors: readonly Interceptor[];
  /** What carries the call once all interceptors have had their say. It throws the reason of an `abort` that has come. */
  carry(sent: SentUnary<I>, abort: Abort): Promise<UnaryResponse<I, O>>;
}

/**
 * Runs a unary call through its interceptors, as `runUnaryCall` of Connect does, with two differences. Request, headers
 * and signal are made for those only who look: a call without interceptors has none of them. And it rejects in the turn
 * in which the caller aborts or the deadline passes, even when an interceptor takes no notice.
 *
 * It rejects with what the call threw, with the reason of the caller's signal, with `DeadlineExceeded`, or with
 * `InvalidArgument` for a header that HTTP does not allow.
 */
export function runUnary<I extends DescMessage, O extends DescMessage>(
  run: UnaryRun<I, O>,
): Promise<UnaryResponse<I, O>> {
  const message = create(run.method.input, run.message);
  const abort = new CallAbort(run);
  return new Promise((resolve, reject) => {
    const succeed = (response: UnaryResponse<I, O>) => {
      abort.release();
      resolve(response);
    };
    const fail = (reason: unknown) => {
      abort.release(reason);
      reject(reason);
    };
    // Interceptors see a call that was aborted before, too: it may be in their logs.
    if (abort.aborted) fail(abort.reason);
    else abort.listen(() => fail(abort.reason));
    try {
      const carried =
        run.interceptors.length === 0 ? plain(run, message, abort) : intercepted(run, message, abort);
      carried.then(succeed, fail);
    } catch (error) {
      // A header that HTTP does not allow, or an interceptor that is no async function.
      fail(error);
    }
  });
}

/** Carries a call that nobody looks at on its way. */
function plain<I extends DescMessage, O extends DescMessage>(
  { header: init, contextValues, carry }: UnaryRun<I, O>,
  message: MessageShape<I>,
  abort: Abort,
): Promise<UnaryResponse<I, O>> {
  const header = init === undefined ? undefined : callersHeaders(init);
  return carry({ message, header, contextValues }, abort);
}

/** Carries a call through its interceptors. */
function intercepted<I extends DescMessage, O extends DescMessage>(
  run: UnaryRun<I, O>,
  message: MessageShape<I>,
  abort: Abort,
): Promise<UnaryResponse<I, O>> {
  const { interceptors, carry } = run;
  const own = new OwnRequest(run, message, abort);
  const innermost = (request: UnaryRequest<I, O> | StreamRequest<I, O>) => {
    if (request.stream) throw new ConnectError("an interceptor made a stream of a unary call", Code.Internal);
    // An interceptor may hand on another request, with a signal of its own.
    return carry(request, request === own ? abort : abortOf(request.signal));
  };
  // An interceptor takes and gives functions over any method; what comes back is for the one that went in.
  const outermost = interceptors.reduceRight<unknown>(
    (next, interceptor) => interceptor(next as Parameters<Interceptor>[0]),
    innermost,
  ) as typeof innermost;
  return outermost(own);
}

/**
 * The request as the first interceptor gets it. Its signal is made when somebody looks: by a getter that is an own
 * property, since interceptors copy requests (`{ ...request, message }`), and that is one function for all requests, since
 * a getter in an object literal makes V8 keep a hidden class for each object.
 */
class OwnRequest<I extends DescMessage, O extends DescMessage> implements UnaryRequest<I, O> {
  static readonly #signal: PropertyDescriptor & ThisType<OwnRequest<DescMessage, DescMessage>> = {
    enumerable: true,
    get() {
      return this.#abort.signal;
    },
  };

  readonly stream = false;
  readonly service: UnaryRequest["service"];
  readonly method: DescMethodUnary<I, O>;
  readonly requestMethod: string;
  readonly url: string;
  readonly header: Headers;
  readonly contextValues: ContextValues;
  readonly message: MessageShape<I>;
  declare readonly signal: AbortSignal;
  readonly #abort: Abort;

  constructor(run: UnaryRun<I, O>, message: MessageShape<I>, abort: Abort) {
    this.service = run.method.parent;
    this.method = run.method;
    this.requestMethod = run.requestMethod;
    this.url = run.url;
    this.header = callersHeaders(run.header);
    this.contextValues = run.contextValues ?? createContextValues();
    this.message = message;
    this.#abort = abort;
    Object.defineProperty(this, "signal", OwnRequest.#signal);
  }
}
