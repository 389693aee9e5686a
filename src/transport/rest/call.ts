// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { Code, createContextValues } from "@connectrpc/connect";
import { runStreamingCall } from "@connectrpc/connect/protocol";
import { CallError } from "../../errors/call-error.js";
import { abortOf } from "../abort.js";
import { LazyResponse } from "../lazy-response.js";
import { redacting } from "../redacting.js";
import { callersHeaders } from "../request-headers.js";
import { runUnary } from "../run-unary.js";
import { guardedMessages, onlyMessageOf } from "../stream-messages.js";
import { sentHeadersOf } from "../unary-request.js";
import { attemptFailure, beginCall, exchange, failureOf } from "./exchange.js";
import type { MethodLookup, RestMethod } from "./method.js";
import type { ResolvedRestOptions } from "./options.js";
import { readUnary } from "./response.js";
import { readStream } from "./stream.js";

/** The `unary` of a REST transport. */
export function createUnary(options: ResolvedRestOptions, methodOf: MethodLookup): Transport["unary"] {
  const { interceptors, defaultTimeoutMs } = options;
  return async (desc, signal, timeoutMs = defaultTimeoutMs, header, input, contextValues) => {
    const method = methodOf(desc, input);
    const state = beginCall(method, { signal, timeoutMs });
    state.operationName = method.named.operationNameOf(input);
    try {
      return await runUnary({
        method: desc,
        requestMethod: method.verb,
        url: method.url,
        header,
        message: input,
        contextValues,
        interceptors,
        signal,
        timeoutMs: state.timeoutMs,
        carry: (sent, abort) => {
          const { message, contextValues: values } = sent;
          const attempt = { state, message, headers: sentHeadersOf(sent), contextValues: values, abort };
          return exchange(options, attempt, async (answer) => {
            const { response } = answer;
            const output = asOutput(desc.output, await readUnary(answer));
            return new LazyResponse(desc, output, { header: () => response.headers, trailer: noTrailer });
          });
        },
      });
    } catch (error) {
      throw failureOf(error, state);
    }
  };
}

/** The `stream` of a REST transport: server streaming only, since HTTP/1.1 and JSON have no stream of requests. */
export function createStream(options: ResolvedRestOptions, methodOf: MethodLookup): Transport["stream"] {
  const { interceptors, defaultTimeoutMs } = options;
  return async (
    desc,
    signal,
    timeoutMs = defaultTimeoutMs,
    header,
    input,
    contextValues = createContextValues(),
  ) => {
    const method = methodOf(desc);
    if (desc.methodKind !== "server_streaming") throw requestStreamRefusal(method);
    const state = beginCall(method, { signal, timeoutMs });
    let messages: AsyncGenerator<Message> | undefined;
    try {
      const response = await runStreamingCall({
        interceptors,
        ...(signal !== undefined && { signal }),
        ...(state.timeoutMs !== undefined && { timeoutMs: state.timeoutMs }),
        req: {
          stream: true,
          service: desc.parent,
          method: desc,
          requestMethod: method.verb,
          url: method.url,
          header: callersHeaders(header),
          contextValues,
          message: input,
        },
        next: redacting(async (request) => {
          const message = await onlyMessageOf(request.message);
          state.operationName = method.named.operationNameOf(message);
          const abort = abortOf(request.signal);
          const { header: headers, contextValues: values } = request;
          return exchange(options, { state, message, headers, contextValues: values, abort }, (answer) => {
            messages = readStream(answer);
            return {
              stream: true,
              service: desc.parent,
              method: desc,
              header: answer.response.headers,
              trailer: new Headers(),
              message: eachAsOutput(desc.output, messages, (error) =>
                abort.aborted ? error : attemptFailure(error, state),
              ),
            };
          });
        }),
      });
      const failed = (error: unknown) => failureOf(error, state);
      const cancel = () => void messages?.return(undefined);
      return { ...response, message: guardedMessages(response.message, failed, cancel) };
    } catch (error) {
      throw failureOf(error, state);
    }
  };
}

/** HTTP/1.1 has none that a JSON API would use. */
const noTrailer = () => new Headers();

/** The rule's answer type is the method's output by construction; the types of the two rooms cannot say so. */
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

function requestStreamRefusal({ named }: RestMethod): CallError {
  return new CallError({
    code: Code.Unimplemented,
    message: "REST carries unary and server-streaming calls, not streams of requests; gRPC does",
    method: named.selector,
    requestSent: false,
  });
}
