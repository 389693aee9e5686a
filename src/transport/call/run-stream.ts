// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescMethodStreaming, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type {
  ContextValues,
  Interceptor,
  StreamRequest,
  StreamResponse,
  UnaryRequest,
} from "@connectrpc/connect";
import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import { beginPublishedRequest } from "#diagnostics-channels";
import { rememberSecrets } from "../../errors/sent-secrets.js";
import { abortOf, type CallAbort } from "./abort.js";
import { attemptError, type CallState, callErrorOf, withoutSentSecrets } from "./error.js";
import type { NamedMethod } from "./method.js";
import type { Protocol, StreamResult } from "./protocol.js";
import { throughInterceptors } from "./run-unary.js";
import { copyHeaders } from "./unary-request.js";

/** A server-streaming call, before interceptors have seen it. */
export interface StreamRun<M extends NamedMethod, I extends DescMessage, O extends DescMessage> {
  readonly protocol: Protocol<M>;
  readonly call: CallState<M>;
  readonly desc: DescMethodStreaming<I, O>;
  readonly header: HeadersInit | undefined;
  readonly messages: AsyncIterable<MessageInitShape<I>>;
  readonly contextValues: ContextValues | undefined;
  /** The first one outermost. */
  readonly interceptors: readonly Interceptor[];
  /**
   * The end of the call by its caller or its deadline. It is released at the end of the messages; it is left to the caller of
   * `runStream` to release it when there are none.
   */
  readonly abort: CallAbort;
}

/**
 * Runs a server-streaming call through its interceptors. Like a unary call, it rejects in the turn in which the caller aborts or
 * the deadline passes. A reader that stops early cancels the call.
 */
export async function runStream<M extends NamedMethod, I extends DescMessage, O extends DescMessage>(
  run: StreamRun<M, I, O>,
): Promise<StreamResponse<I, O>> {
  const { protocol, call, desc, abort } = run;
  let cancel = () => {};
  const innermost = async (request: UnaryRequest<I, O> | StreamRequest<I, O>) => {
    if (!request.stream)
      throw new ConnectError("an interceptor made a unary call of a stream", Code.Internal);
    const { running, response } = await send(run, request);
    cancel = running.cancel;
    return response;
  };
  const request: StreamRequest<I, O> = {
    stream: true,
    service: desc.parent,
    method: desc,
    requestMethod: call.method.verb,
    url: protocol.urlOf(call.method),
    header: copyHeaders(run.header ?? {}),
    contextValues: run.contextValues ?? createContextValues(),
    signal: abort.signal,
    message: createEach(desc.input, run.messages),
  };
  const response = await new Promise<StreamResponse<I, O>>((resolve, reject) => {
    if (abort.aborted) reject(abort.reason);
    else abort.onAbort = reject;
    throughInterceptors(run.interceptors, innermost)(request).then(resolve, reject);
  });
  return { ...response, message: untilStopped(run, response.message, () => cancel()) };
}

/** Sends the request. The error of an attempt, also of one that ends later, does not repeat the credential that was sent. */
async function send<M extends NamedMethod, I extends DescMessage, O extends DescMessage>(
  { protocol, call, desc, abort: callAbort }: StreamRun<M, I, O>,
  request: StreamRequest<I, O>,
) {
  const { method } = call;
  const { header, contextValues } = request;
  // An interceptor may pass on another request, with a signal of its own.
  const abort = abortOf(request.signal);
  const throwIfOver = () => {
    callAbort.throwIfOver();
    if (abort.aborted) throw abort.reason;
  };
  const errorOf = (error: unknown) =>
    withoutSentSecrets(abort.aborted ? error : attemptError(protocol, call, error), {
      header,
      added: undefined,
    });
  rememberSecrets(header);
  let endRequest: ((error?: unknown) => void) | undefined;
  try {
    const message = await onlyMessageOf(request.message);
    call.message = message;
    if (abort.aborted) throw abort.reason;
    endRequest = beginPublishedRequest(method, () => protocol.urlOf(method, message));
    const { timeoutMs, endsAtMs } = callAbort;
    const sent = { method, message, header, contextValues, timeoutMs, endsAtMs, abort, progress: call };
    // A protocol makes messages of the method's output type; its own types do not know which method that is.
    const running = (await protocol.serverStream(sent)) as StreamResult<MessageShape<O>>;
    endRequest?.();
    const response: StreamResponse<I, O> = {
      stream: true,
      service: desc.parent,
      method: desc,
      header: running.header,
      trailer: running.trailer,
      message: untilOver(running.messages, throwIfOver, errorOf),
    };
    return { running, response };
  } catch (error) {
    const failed = errorOf(error);
    endRequest?.(failed);
    throw failed;
  }
}

/** The messages that the caller's initializers stand for. */
async function* createEach<T extends DescMessage>(
  schema: T,
  inits: AsyncIterable<MessageInitShape<T>>,
): AsyncGenerator<MessageShape<T>, void, undefined> {
  for await (const init of inits) yield create(schema, init);
}

/** @throws ConnectError `InvalidArgument` when there is no message in a request of one, or more than one. */
async function onlyMessageOf<T>(messages: AsyncIterable<T>): Promise<T> {
  const found: T[] = [];
  for await (const message of messages) {
    found.push(message);
    if (found.length > 1) break;
  }
  const [message] = found;
  if (message === undefined || found.length > 1) {
    const count = found.length === 0 ? "no message" : "more than one";
    throw new ConnectError(`the request has ${count}; expected one`, Code.InvalidArgument);
  }
  return message;
}

/** The same messages, none once `throwIfOver` throws; their error is what `errorOf` makes of it. */
async function* untilOver<T>(
  messages: AsyncIterable<T>,
  throwIfOver: () => void,
  errorOf: (error: unknown) => unknown,
): AsyncGenerator<T, void, undefined> {
  try {
    for await (const message of messages) {
      throwIfOver();
      yield message;
    }
  } catch (error) {
    throw errorOf(error);
  }
}

/**
 * The messages for the caller, whose end is the end of the call: it ends before `messages` are closed, since an interceptor that
 * reads ahead may wait for a read that is under way.
 */
async function* untilStopped<T>(
  { abort, call }: Pick<StreamRun<NamedMethod, DescMessage, DescMessage>, "abort" | "call">,
  messages: AsyncIterable<T>,
  cancel: () => void,
): AsyncGenerator<T, void, undefined> {
  let hasLeft = false;
  try {
    for await (const message of messages) {
      hasLeft = true;
      try {
        yield message;
        hasLeft = false;
      } finally {
        if (hasLeft && !abort.aborted) {
          cancel();
          abort.release();
        }
      }
    }
    abort.release();
  } catch (error) {
    if (hasLeft) return; // of what the reader has left
    abort.release(error);
    throw callErrorOf(error, call); // here, since the caller's frames are those of this generator
  }
}
