// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { Interceptor, StreamRequest, UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Abort, CallAbort, type CallLimits } from "./abort.js";
import { rememberSent, withoutSentSecrets } from "./error.js";
import { copyHeaders, LazyUnaryRequest, type Sent, type UnaryRequestParts } from "./unary-request.js";

/** A unary call, before interceptors have seen it. */
export interface UnaryRun<I extends DescMessage, O extends DescMessage>
  extends UnaryRequestParts<I, O>,
    CallLimits {
  readonly message: MessageInitShape<I>;
  /** The first one outermost. */
  readonly interceptors: readonly Interceptor[];
  /** Sends the request once all interceptors have run. It throws the reason of an `abort` that has come. */
  send(sent: Sent<I>, abort: Abort): Promise<UnaryResponse<I, O>>;
}

/**
 * Runs a unary call through its interceptors, as `runUnaryCall` of Connect does, with two differences. Request, headers
 * and signal are made only when somebody reads them: a call without interceptors has none of them. And it rejects in the
 * turn in which the caller aborts or the deadline passes, even when an interceptor ignores it.
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
      const response =
        run.interceptors.length === 0
          ? send(run, abort, { message, header: copyHeaders(run.header), contextValues: run.contextValues })
          : intercept(run, message, abort);
      response.then(succeed, fail);
    } catch (error) {
      // A header that HTTP does not allow, or an interceptor that is no async function.
      fail(error);
    }
  });
}

/** Sends a call through its interceptors. */
function intercept<I extends DescMessage, O extends DescMessage>(
  run: UnaryRun<I, O>,
  message: MessageShape<I>,
  callAbort: CallAbort,
): Promise<UnaryResponse<I, O>> {
  const innermost = (request: UnaryRequest<I, O> | StreamRequest<I, O>) => {
    if (request.stream) throw new ConnectError("an interceptor made a stream of a unary call", Code.Internal);
    // An interceptor may pass on another request, with a signal of its own.
    const { header, added, contextValues } = LazyUnaryRequest.settingsOf(request);
    const sent = { message: request.message, header, added, contextValues };
    return send(run, callAbort, sent, LazyUnaryRequest.abortOf(request));
  };
  // An interceptor takes and gives functions over any method; what comes back is for the one that went in.
  const outermost = run.interceptors.reduceRight<unknown>(
    (next, interceptor) => interceptor(next as Parameters<Interceptor>[0]),
    innermost,
  ) as typeof innermost;
  return outermost(new LazyUnaryRequest(run, message, callAbort));
}

/**
 * Sends a request, whose abort may be another one than that of the call. What interceptors and callers see of its error does
 * not repeat the credential that it was sent with.
 */
async function send<I extends DescMessage, O extends DescMessage>(
  run: UnaryRun<I, O>,
  callAbort: CallAbort,
  sent: Sent<I>,
  abort: Abort = callAbort,
): Promise<UnaryResponse<I, O>> {
  rememberSent(sent);
  try {
    const response = await run.send(sent, abort);
    callAbort.throwIfOver();
    return response;
  } catch (error) {
    throw abort.aborted ? error : withoutSentSecrets(error, sent);
  }
}
