// SPDX-License-Identifier: Apache-2.0
import type { Message } from "@bufbuild/protobuf";
import type { ContextValues, Interceptor, Transport } from "@connectrpc/connect";
import { Code, createContextValues } from "@connectrpc/connect";
import { runStreamingCall } from "@connectrpc/connect/protocol";
import { CallError } from "../../errors/call-error.js";
import { systemClock } from "../../time/clock.js";
import { MAX_TIMER_MS } from "../../time/timer.js";
import { abortOf } from "../call/abort.js";
import { callFailureOf } from "../call/error.js";
import { LazyResponse } from "../call/lazy-response.js";
import { redacting } from "../call/redacting.js";
import { callersHeaders } from "../call/request-headers.js";
import { runUnary } from "../call/run-unary.js";
import { guardedMessages, onlyMessageOf } from "../call/stream-messages.js";
import type { HeaderEntries } from "../call/unary-request.js";
import { type NamedMethod, namedMethodOf } from "../method.js";
import { withLoopbackResolved } from "../trust.js";
import type { GrpcCall, GrpcEngine } from "./engine.js";
import { callMetadataOf } from "./metadata.js";
import { fromEachResponse, fromResponseBytes, toRequestBytes } from "./payload.js";

/** A Connect transport that holds a connection. */
export interface GrpcTransport extends Transport, AsyncDisposable {
  /**
   * Takes no more calls, lets those under way end, and closes the connection if the transport made it; so does the end of an
   * `await using` block.
   */
  close(): Promise<void>;
}

/** What a transport brings to every call. */
export interface GrpcTransportSettings {
  /** In front of a method's path in the `url` that interceptors see. */
  readonly origin: string;
  readonly interceptors: Interceptor[];
  readonly defaultTimeoutMs: number | undefined;
  /** Whether names of this machine are connected to a loopback address, whatever DNS says. @default false */
  readonly loopbackResolved?: boolean;
}

/**
 * Creates the transport that runs its calls through `engine`: unary and server-streaming ones. Methods with a stream of
 * requests are refused as `Unimplemented` before anything is sent.
 */
export function createTransportOver(engine: GrpcEngine, settings: GrpcTransportSettings): GrpcTransport {
  const { origin, interceptors } = settings;
  const contextOf = (values: ContextValues | undefined) =>
    settings.loopbackResolved === true && interceptors.length > 0 ? withLoopbackResolved(values) : values;
  return {
    async unary(desc, signal, timeoutMs, header, input, contextValues) {
      const method = namedMethodOf(desc);
      const limitMs = timeoutOf(timeoutMs, settings);
      const deadlineMs = limitMs === undefined ? undefined : systemClock.now() + limitMs;
      let requestSent = false;
      const onSend = () => {
        requestSent = true;
      };
      try {
        return await runUnary({
          method: desc,
          requestMethod: "POST",
          url: origin + method.path,
          header,
          message: input,
          contextValues: contextOf(contextValues),
          interceptors,
          signal,
          timeoutMs: limitMs,
          carry: async ({ message, header: sentHeader, added }, abort) => {
            const call = toGrpcCall(method, {
              message,
              header: sentHeader,
              added,
              deadlineMs,
              abort,
              onSend,
            });
            const response = await engine.unary(call);
            const output = fromResponseBytes(desc.output, response.message);
            abort.throwIfOver();
            return new LazyResponse(desc, output, response);
          },
        });
      } catch (error) {
        throw callFailureOf(error, {
          method,
          operationName: method.operationNameOf(input),
          requestSent,
          signal,
        });
      }
    },

    async stream(desc, signal, timeoutMs, header, input, contextValues) {
      const method = namedMethodOf(desc);
      if (desc.methodKind !== "server_streaming") throw requestStreamError(method);
      const limitMs = timeoutOf(timeoutMs, settings);
      const deadlineMs = limitMs === undefined ? undefined : systemClock.now() + limitMs;
      let requestSent = false;
      const onSend = () => {
        requestSent = true;
      };
      let operationName: string | undefined;
      let cancel = () => {};
      const failed = (error: unknown) => callFailureOf(error, { method, operationName, requestSent, signal });
      try {
        const response = await runStreamingCall({
          interceptors,
          ...localEnd(signal, limitMs),
          req: {
            stream: true,
            service: desc.parent,
            method: desc,
            requestMethod: "POST",
            url: origin + method.path,
            header: callersHeaders(header),
            contextValues: contextOf(contextValues) ?? createContextValues(),
            message: input,
          },
          next: redacting(async (request) => {
            const message = await onlyMessageOf(request.message);
            operationName = method.operationNameOf(message);
            const abort = abortOf(request.signal);
            const call = toGrpcCall(method, { message, header: request.header, deadlineMs, abort, onSend });
            const response = await engine.serverStream(call);
            cancel = response.cancel;
            return {
              stream: true,
              service: desc.parent,
              method: desc,
              header: response.header,
              trailer: response.trailer,
              message: fromEachResponse(desc.output, response.messages),
            };
          }),
        });
        return { ...response, message: guardedMessages(response.message, failed, () => cancel()) };
      } catch (error) {
        throw failed(error);
      }
    },

    close: () => engine.close(),
    [Symbol.asyncDispose]: () => engine.close(),
  };
}

/** The timeout of a call in milliseconds: its own, or the transport's; 0 or less means none, as everywhere in Connect. */
function timeoutOf(timeoutMs: number | undefined, settings: GrpcTransportSettings): number | undefined {
  const limitMs = timeoutMs ?? settings.defaultTimeoutMs;
  return limitMs !== undefined && limitMs > 0 && limitMs < Number.POSITIVE_INFINITY ? limitMs : undefined;
}

/** What ends a call on this side. */
function localEnd(signal: AbortSignal | undefined, limitMs: number | undefined) {
  return {
    ...(signal === undefined ? {} : { signal }),
    // A deadline that no timer can wait for is left to the server.
    ...(limitMs === undefined || limitMs > MAX_TIMER_MS ? {} : { timeoutMs: limitMs }),
  };
}

function toGrpcCall(
  method: NamedMethod,
  sent: {
    readonly message: Message;
    readonly header: Headers | undefined;
    readonly added?: HeaderEntries | undefined;
  } & Pick<GrpcCall, "deadlineMs" | "abort" | "onSend">,
): GrpcCall {
  const { message, header, added, deadlineMs, abort, onSend } = sent;
  if (abort.aborted) throw abort.reason;
  return {
    method,
    metadata: callMetadataOf({ header, added }, method.desc, message),
    message: toRequestBytes(method.desc.input, message),
    deadlineMs,
    abort,
    onSend,
  };
}

function requestStreamError(method: NamedMethod): CallError {
  return new CallError({
    code: Code.Unimplemented,
    message:
      "this transport carries unary and server-streaming calls, not streams of requests; the gRPC transport of " +
      "@connectrpc/connect-node does",
    method: method.selector,
    requestSent: false,
  });
}
