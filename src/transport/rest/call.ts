// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import type { ContextValues, Transport } from "@connectrpc/connect";
import { Code, createContextValues } from "@connectrpc/connect";
import { runStreamingCall } from "@connectrpc/connect/protocol";
import { CallError, toCallError } from "../../errors/call-error.js";
import { MAX_TIMER_MS } from "../../time/timer.js";
import { type Abort, abortOf } from "../call/abort.js";
import { callFailureOf, type FailedCall } from "../call/error.js";
import { LazyResponse } from "../call/lazy-response.js";
import { redacting } from "../call/redacting.js";
import { callersHeaders } from "../call/request-headers.js";
import { runUnary } from "../call/run-unary.js";
import { guardedMessages, onlyMessageOf } from "../call/stream-messages.js";
import { fromHttpError } from "../http/errors.js";
import { withLoopbackResolved } from "../trust.js";
import type { MethodLookup, RestMethod } from "./method.js";
import type { ResolvedRestOptions } from "./options.js";
import { type CallHeaders, toRequest, urlOf } from "./request.js";
import { isSuccess, type RestResponse, readError, readUnary } from "./response.js";
import { readStream } from "./stream.js";

/** One call; what becomes known of it on its way is for its error. */
interface RestCall extends FailedCall {
  readonly rest: RestMethod;
  readonly timeoutMs: number | undefined;
  operationName: string | undefined;
  requestSent: boolean;
}

/** What the interceptors left of a call's request. */
interface SentRequest {
  readonly message: Message;
  readonly headers: CallHeaders;
  readonly contextValues: ContextValues | undefined;
}

/** The `unary` of a REST transport. */
export function createUnary(options: ResolvedRestOptions, methodOf: MethodLookup): Transport["unary"] {
  const { interceptors, defaultTimeoutMs } = options;
  return async (desc, signal, timeoutMs = defaultTimeoutMs, header, input, contextValues) => {
    const method = methodOf(desc, input);
    const call = beginCall(method, signal, timeoutMs);
    call.operationName = method.named.operationNameOf(input);
    try {
      return await runUnary({
        method: desc,
        requestMethod: method.verb,
        url: (message) => urlOf(options, method, message),
        header,
        message: input,
        contextValues: valuesOf(options, contextValues),
        interceptors,
        signal,
        timeoutMs: call.timeoutMs,
        carry: (sent, abort) => {
          const request = {
            message: sent.message,
            headers: sent,
            contextValues: sent.contextValues,
          };
          return send(options, call, { request, abort }, async (response) => {
            const output = asOutput(desc.output, await readUnary(response));
            abort.throwIfOver();
            return new LazyResponse(desc, output, {
              header: () => response.http.headers,
              trailer: noTrailer,
            });
          });
        },
      });
    } catch (error) {
      throw callFailureOf(error, call);
    }
  };
}

/** The `stream` of a REST transport: server streaming only, since HTTP/1.1 and JSON have no stream of requests. */
export function createStream(options: ResolvedRestOptions, methodOf: MethodLookup): Transport["stream"] {
  const { interceptors, defaultTimeoutMs } = options;
  return async (desc, signal, timeoutMs = defaultTimeoutMs, header, input, contextValues) => {
    const method = methodOf(desc);
    if (desc.methodKind !== "server_streaming") throw requestStreamError(method);
    const call = beginCall(method, signal, timeoutMs);
    let messages: AsyncGenerator<Message> | undefined;
    try {
      const response = await runStreamingCall({
        interceptors,
        ...(signal !== undefined && { signal }),
        ...(call.timeoutMs !== undefined && { timeoutMs: call.timeoutMs }),
        req: {
          stream: true,
          service: desc.parent,
          method: desc,
          requestMethod: method.verb,
          // The message is not here yet.
          url: method.templateUrl,
          header: callersHeaders(header),
          contextValues: valuesOf(options, contextValues) ?? createContextValues(),
          message: input,
        },
        next: redacting(async (streamed) => {
          const message = await onlyMessageOf(streamed.message);
          call.operationName = method.named.operationNameOf(message);
          const abort = abortOf(streamed.signal);
          const request = {
            message,
            headers: { header: streamed.header },
            contextValues: streamed.contextValues,
          };
          return send(options, call, { request, abort }, (received) => {
            messages = readStream(received);
            return {
              stream: true,
              service: desc.parent,
              method: desc,
              header: received.http.headers,
              trailer: noTrailer(),
              message: eachAsOutput(desc.output, messages, (error) =>
                abort.aborted ? error : attemptError(error, call),
              ),
            };
          });
        }),
      });
      const failed = (error: unknown) => callFailureOf(error, call);
      const cancel = () => void messages?.return(undefined);
      return { ...response, message: guardedMessages(response.message, failed, cancel) };
    } catch (error) {
      throw callFailureOf(error, call);
    }
  };
}

/** The state of a call that begins. A timeout of 0 or less, or one that no timer can wait for, is none. */
function beginCall(
  rest: RestMethod,
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
): RestCall {
  const isLimited = timeoutMs !== undefined && timeoutMs > 0 && timeoutMs <= MAX_TIMER_MS;
  return {
    rest,
    method: rest.named,
    signal,
    timeoutMs: isLimited ? timeoutMs : undefined,
    operationName: undefined,
    requestSent: false,
  };
}

/** The caller's context values; where names of this machine are known to lead to it, with that in them. */
function valuesOf(
  { trustsName }: ResolvedRestOptions,
  values: ContextValues | undefined,
): ContextValues | undefined {
  return trustsName ? withLoopbackResolved(values) : values;
}

/**
 * Transcodes a request as the interceptors left it, sends it, and hands the successful response to `read`.
 *
 * @throws CallError for every error but an abort, whose reason is passed on
 */
async function send<T>(
  options: ResolvedRestOptions,
  call: RestCall,
  { request, abort }: { readonly request: SentRequest; readonly abort: Abort },
  read: (response: RestResponse) => T | Promise<T>,
): Promise<T> {
  if (abort.aborted) throw abort.reason;
  try {
    const { message, headers, contextValues } = request;
    const json = call.rest.jsonFor(contextValues);
    const transcoded = toRequest(options, call.rest, { message, json, headers, timeoutMs: call.timeoutMs });
    call.requestSent = true;
    const http = await options.engine.send(transcoded, abort);
    const response = { request: transcoded, http, json, maxBytes: options.maxResponseBytes };
    if (!isSuccess(http)) throw await readError(response);
    return await read(response);
  } catch (error) {
    throw abort.aborted ? error : attemptError(error, call);
  }
}

/** What one attempt failed with: complete, since an interceptor that retries decides by it. */
function attemptError(error: unknown, { method, operationName, requestSent }: RestCall): CallError {
  return toCallError(fromHttpError(error), { method: method.selector, operationName, requestSent });
}

/** HTTP/1.1 has none that a JSON API would use. */
const noTrailer = () => new Headers();

/** The rule's response type is the method's output by construction; the types of the two modules cannot say so. */
function asOutput<O extends DescMessage>(_output: O, message: Message): MessageShape<O> {
  return message as MessageShape<O>;
}

async function* eachAsOutput<O extends DescMessage>(
  output: O,
  messages: AsyncIterable<Message>,
  failed: (error: unknown) => unknown,
): AsyncGenerator<MessageShape<O>, void, undefined> {
  try {
    for await (const message of messages) yield asOutput(output, message);
  } catch (error) {
    throw failed(error);
  }
}

function requestStreamError({ named }: RestMethod): CallError {
  return new CallError({
    code: Code.Unimplemented,
    message: "REST carries unary and server-streaming calls, not streams of requests; gRPC does",
    method: named.selector,
    requestSent: false,
  });
}
