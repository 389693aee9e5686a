// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { ContextValues, Interceptor, UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import { createContextValues } from "@connectrpc/connect";
import { type CallEnd, callEndOf, OwnCallEnd } from "./grpc-call-end.js";

/** What is sent, as the interceptors left it. */
export interface SentUnary<I extends DescMessage> {
  readonly message: MessageShape<I>;
  readonly header: HeadersInit | undefined;
}

/** A unary call, before interceptors have seen it. */
export interface UnaryRun<I extends DescMessage, O extends DescMessage> {
  readonly desc: DescMethodUnary<I, O>;
  readonly url: string;
  readonly header: HeadersInit | undefined;
  readonly input: MessageInitShape<I>;
  readonly contextValues: ContextValues | undefined;
  readonly interceptors: readonly Interceptor[];
  /** The caller's own signal. */
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  next(sent: SentUnary<I>, end: CallEnd): Promise<UnaryResponse<I, O>>;
}

/**
 * Runs a unary call through its interceptors: what Connect's `runUnaryCall` does, with the same outcome, for a third of
 * what a call over HTTP/2 costs. Connect makes a request object, two abort controllers and a Headers for each call;
 * here they are made for interceptors, and the signal for those that look at it.
 *
 * @throws what the call failed with; once the caller has aborted or the deadline has passed, the reason of that.
 */
export async function runUnary<I extends DescMessage, O extends DescMessage>(
  run: UnaryRun<I, O>,
): Promise<UnaryResponse<I, O>> {
  const message = create(run.desc.input, run.input);
  const end = new OwnCallEnd(run.signal, run.timeoutMs);
  try {
    const { header, interceptors } = run;
    const response = await (interceptors.length === 0
      ? run.next({ message, header }, end)
      : runIntercepted(run, message, end));
    end.release();
    return response;
  } catch (error) {
    const reason = end.ended ? end.reason : error;
    end.release(reason);
    throw reason;
  }
}

function runIntercepted<I extends DescMessage, O extends DescMessage>(
  run: UnaryRun<I, O>,
  message: MessageShape<I>,
  end: OwnCallEnd,
): Promise<UnaryResponse<I, O>> {
  const request: UnaryRequest<I, O> = {
    stream: false,
    service: run.desc.parent,
    method: run.desc,
    requestMethod: "POST",
    url: run.url,
    header: new Headers(run.header),
    contextValues: run.contextValues ?? createContextValues(),
    message,
    get signal() {
      return end.signal();
    },
  };
  // An interceptor that passes another request on may have given it another signal.
  const send = (sent: UnaryRequest<I, O>) => run.next(sent, sent === request ? end : callEndOf(sent.signal));
  return intercepted(send, run.interceptors)(request);
}

/** `send` inside of its interceptors, the first one outermost. */
function intercepted<F>(send: F, interceptors: readonly Interceptor[]): F {
  // An interceptor takes and gives functions over any method; what comes back is for the one that went in.
  return interceptors.reduceRight<unknown>(
    (next, wrap) => wrap(next as Parameters<Interceptor>[0]),
    send,
  ) as F;
}
