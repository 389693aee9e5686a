// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescMethodStreaming, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  createContextValues,
  type Interceptor,
  type StreamResponse,
} from "@connectrpc/connect";
import { runStreamingCall } from "@connectrpc/connect/protocol";
import { rememberSecrets } from "../../errors/sent-secrets.js";
import { MAX_TIMER_MS, monotonicMs } from "../../time/timer.js";
import { type Abort, abortOf, timedOut } from "./abort.js";
import { withoutSentSecrets } from "./error.js";
import type { StreamResult } from "./protocol.js";
import { copyHeaders, type Sent } from "./unary-request.js";

/** A server-streaming call, before interceptors have seen it. */
export interface StreamRun<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodStreaming<I, O>;
  readonly requestMethod: string;
  readonly url: string;
  readonly header: HeadersInit | undefined;
  readonly messages: AsyncIterable<MessageInitShape<I>>;
  readonly contextValues: ContextValues | undefined;
  /** The first one outermost. */
  readonly interceptors: Interceptor[];
  /** The caller's own signal. */
  readonly signal: AbortSignal | undefined;
  /** The time of the call in milliseconds; `Infinity` for no bound. */
  readonly timeoutMs: number;
  /** When that time is up, by `monotonicMs`. */
  readonly endsAtMs: number;
  /** Sends the request once all interceptors have run. */
  send(sent: Sent<I>, abort: Abort): Promise<StreamResult<MessageShape<O>>>;
  /** The error of an attempt, of its messages too, as interceptors get it. */
  attemptError(error: unknown, abort: Abort): unknown;
  /** The error of the call, as its caller gets it. To be thrown by the caller's own generator, for its stack. */
  callError(error: unknown): Error;
}

/**
 * Runs a server-streaming call through its interceptors. Its errors do not repeat the credential that it was sent with.
 * A reader that stops early cancels the call.
 */
export async function runStream<I extends DescMessage, O extends DescMessage>(
  run: StreamRun<I, O>,
): Promise<StreamResponse<I, O>> {
  const { method, signal, timeoutMs, interceptors, requestMethod, url } = run;
  let cancel = () => {};
  const response = await runStreamingCall<I, O>({
    interceptors,
    ...(signal !== undefined && { signal }),
    // Above that, setTimeout would fire at once; the server knows the deadline.
    ...(timeoutMs <= MAX_TIMER_MS && { timeoutMs }),
    req: {
      stream: true,
      service: method.parent,
      method,
      requestMethod,
      url,
      header: copyHeaders(run.header ?? {}),
      contextValues: run.contextValues ?? createContextValues(),
      message: run.messages,
    },
    next: async (request) => {
      const abort = abortOf(request.signal);
      const throwIfOver = () => {
        if (abort.aborted) throw abort.reason;
        // Where decoding blocks the event loop, no timer can fire.
        if (monotonicMs() > run.endsAtMs) throw timedOut();
      };
      const errorOf = (error: unknown) => withoutSentSecrets(run.attemptError(error, abort), request);
      rememberSecrets(request.header);
      try {
        const { header, contextValues } = request;
        const message = await onlyMessageOf(request.message);
        const running = await run.send({ message, header, added: undefined, contextValues }, abort);
        cancel = running.cancel;
        return {
          stream: true,
          service: method.parent,
          method,
          header: running.header,
          trailer: running.trailer,
          message: untilOver(running.messages, throwIfOver, errorOf),
        };
      } catch (error) {
        throw errorOf(error);
      }
    },
  });
  return { ...response, message: untilStopped(response.message, run.callError, () => cancel()) };
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

/** The messages for the caller. A reader that stops early cancels the call. */
async function* untilStopped<T>(
  messages: AsyncIterable<T>,
  callError: (error: unknown) => Error,
  cancel: () => void,
): AsyncGenerator<T, void, undefined> {
  const iterator = messages[Symbol.asyncIterator]();
  let over = false;
  try {
    for (;;) {
      const step = await iterator.next();
      if (step.done === true) break;
      yield step.value;
    }
    over = true;
  } catch (error) {
    over = true;
    throw callError(error);
  } finally {
    if (!over) {
      cancel();
      // Reading on meets the end of the cancelled call, behind the messages that had come, which stops its timer and removes
      // its listeners.
      await readToEnd(iterator).catch(() => undefined);
    }
  }
}

async function readToEnd(iterator: AsyncIterator<unknown>): Promise<void> {
  for (let isOver = false; !isOver; ) isOver = (await iterator.next()).done === true;
}
