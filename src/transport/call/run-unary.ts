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
import { Code, ConnectError } from "@connectrpc/connect";
import { beginPublishedRequest } from "#diagnostics-channels";
import { rememberSecrets } from "../../errors/sent-secrets.js";
import type { Abort, CallAbort } from "./abort.js";
import { attemptError, type CallState, withoutSentSecrets } from "./error.js";
import { LazyResponse } from "./lazy-response.js";
import type { NamedMethod } from "./method.js";
import type { Protocol } from "./protocol.js";
import { copyHeaders, LazyUnaryRequest, type Sent } from "./unary-request.js";

/** A unary call, before interceptors have seen it. */
export interface UnaryRun<M extends NamedMethod, I extends DescMessage, O extends DescMessage> {
  readonly protocol: Protocol<M>;
  readonly call: CallState<M>;
  readonly desc: DescMethodUnary<I, O>;
  /** Scheme, host and port of the URL that interceptors see. */
  readonly origin: string;
  readonly header: HeadersInit | undefined;
  readonly message: MessageInitShape<I>;
  readonly contextValues: ContextValues | undefined;
  /** The first one outermost. */
  readonly interceptors: readonly Interceptor[];
  /** The end of the call by its caller or its deadline. It is left to the caller of `runUnary` to release it. */
  readonly abort: CallAbort;
}

/**
 * Runs a unary call through its interceptors, as `runUnaryCall` of Connect does, with two differences. Request, headers
 * and signal are made only when somebody reads them: a call without interceptors has none of them. And it rejects in the
 * turn in which the caller aborts or the deadline passes, even when an interceptor ignores it.
 *
 * It rejects with what the call threw, with the reason of the caller's signal, with `DeadlineExceeded`, or with
 * `InvalidArgument` for a header that HTTP does not allow.
 */
export function runUnary<M extends NamedMethod, I extends DescMessage, O extends DescMessage>(
  run: UnaryRun<M, I, O>,
): Promise<UnaryResponse<I, O>> {
  const { desc, abort, contextValues, interceptors } = run;
  const message = create(desc.input, run.message);
  // What this throws, it rejects with: a header that HTTP does not allow, or an interceptor that is no async function.
  return new Promise((resolve, reject) => {
    // Interceptors see a call that was aborted before, too: it may be in their logs.
    if (abort.aborted) reject(abort.reason);
    // The function itself: through a closure, large responses outlived their calls into V8's old generation.
    else abort.onAbort = reject;
    const header = run.header === undefined ? undefined : copyHeaders(run.header);
    const sent = { message, header, added: undefined, contextValues };
    const response = interceptors.length === 0 ? send(run, sent, abort) : intercept(run, sent);
    response.then(resolve, reject);
  });
}

/** Sends a call through its interceptors. */
function intercept<M extends NamedMethod, I extends DescMessage, O extends DescMessage>(
  run: UnaryRun<M, I, O>,
  sent: Sent<I>,
): Promise<UnaryResponse<I, O>> {
  const { protocol, call, desc: method, origin, interceptors, abort } = run;
  const innermost = (request: UnaryRequest<I, O> | StreamRequest<I, O>) => {
    if (request.stream) throw new ConnectError("an interceptor made a stream of a unary call", Code.Internal);
    // An interceptor may pass on another request, with a signal of its own.
    return send(run, LazyUnaryRequest.sentOf(request), LazyUnaryRequest.abortOf(request));
  };
  const base = {
    method,
    requestMethod: call.method.verb,
    origin,
    url: (message: MessageShape<I>) => protocol.urlOf(call.method, message),
    abort,
    contextValues: sent.contextValues,
    innermost,
  };
  return throughInterceptors(interceptors, innermost)(new LazyUnaryRequest(base, sent));
}

/** The function that hands a request to the interceptors, the first one outermost, and what they make of it to `innermost`. */
export function throughInterceptors<F>(interceptors: readonly Interceptor[], innermost: F): F {
  // An interceptor takes and gives functions over any method; what comes back is for the one that went in.
  return interceptors.reduceRight<unknown>(
    (next, interceptor) => interceptor(next as Parameters<Interceptor>[0]),
    innermost,
  ) as F;
}

/**
 * Sends a request, whose abort may be another one than that of the call. What interceptors and callers see of its error does
 * not repeat the credential that it was sent with.
 */
async function send<M extends NamedMethod, I extends DescMessage, O extends DescMessage>(
  { protocol, call, desc, abort: callAbort }: UnaryRun<M, I, O>,
  sent: Sent<I>,
  abort: Abort,
): Promise<UnaryResponse<I, O>> {
  const { method } = call;
  const { message, header, added, contextValues } = sent;
  const { timeoutMs, endsAtMs } = callAbort;
  const endRequest = beginPublishedRequest(method, () => protocol.urlOf(method, message));
  if (header !== undefined) rememberSecrets(header);
  if (added !== undefined) rememberSecrets(added);
  try {
    if (abort.aborted) throw abort.reason;
    const request = {
      method,
      message,
      header,
      added,
      contextValues,
      timeoutMs,
      endsAtMs,
      abort,
      progress: call,
    };
    const result = await protocol.unary(request);
    callAbort.throwIfOver();
    endRequest?.();
    // A protocol makes messages of the method's output type; its own types do not know which method that is.
    return new LazyResponse(desc, result.message as MessageShape<O>, result);
  } catch (error) {
    const failed = abort.aborted ? error : withoutSentSecrets(attemptError(protocol, call, error), sent);
    endRequest?.(failed);
    throw failed;
  }
}
