// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { Code, type Interceptor, type Transport } from "@connectrpc/connect";
import { beginPublishedRequest } from "#diagnostics-channels";
import { CallError, toCallError } from "../../errors/call-error.js";
import { monotonicMs } from "../../time/timer.js";
import { withLoopbackResolved } from "../loopback.js";
import type { Abort } from "./abort.js";
import { callErrorOf, type FailedCall } from "./error.js";
import { LazyResponse } from "./lazy-response.js";
import { type NamedMethod, operationNameOf } from "./method.js";
import type { Protocol, SentRequest, StreamResult } from "./protocol.js";
import { runStream } from "./run-stream.js";
import { runUnary } from "./run-unary.js";
import type { Sent } from "./unary-request.js";

/** What a transport brings to every call, whatever the protocol. */
export interface TransportSettings {
  /** Scheme, host and port, as in a URL. */
  readonly origin: string;
  readonly interceptors: Interceptor[];
  /** In milliseconds. */
  readonly defaultTimeoutMs: number | undefined;
  /** Whether names of this machine are connected to a loopback address, whatever DNS says. */
  readonly loopbackResolved: boolean;
}

/** The state of one call, most of it recorded for its error. */
interface Call<M extends NamedMethod> extends FailedCall {
  readonly method: M;
  readonly timeoutMs: number | undefined;
  readonly endsAtMs: number;
  operationName: string | undefined;
  requestSent: boolean;
  onSend(): void;
}

/** Creates a Connect transport that runs unary and server-streaming calls by a protocol. */
export function createTransport<M extends NamedMethod>(
  protocol: Protocol<M>,
  settings: TransportSettings,
): Transport {
  const { origin, interceptors, defaultTimeoutMs } = settings;
  // Interceptors alone read it.
  const marksLoopback = settings.loopbackResolved && interceptors.length > 0;
  return {
    async unary(desc, signal, timeoutMs = defaultTimeoutMs, header, input, contextValues) {
      const method = protocol.methodOf(desc, input);
      const call = beginCall(method, signal, timeoutMs);
      call.operationName = operationNameOf(method, input);
      try {
        return await runUnary({
          method: desc,
          requestMethod: method.verb,
          origin,
          url: (message) => protocol.urlOf(method, message),
          header,
          message: input,
          contextValues: marksLoopback ? withLoopbackResolved(contextValues) : contextValues,
          interceptors,
          signal,
          timeoutMs: call.timeoutMs,
          send: async (sent, abort) => {
            const endRequest = beginPublishedRequest(method, () => protocol.urlOf(method, sent.message));
            try {
              const result = await protocol.unary(toRequest(call, sent, abort));
              endRequest?.();
              // A protocol makes messages of the method's output type; its own types do not know which method that is.
              return new LazyResponse(desc, result.message as MessageShape<typeof desc.output>, result);
            } catch (error) {
              const failed = attemptError(protocol, call, error, abort);
              endRequest?.(failed);
              throw failed;
            }
          },
        });
      } catch (error) {
        throw callErrorOf(error, call);
      }
    },

    async stream(desc, signal, timeoutMs = defaultTimeoutMs, header, messages, contextValues) {
      const method = protocol.methodOf(desc);
      if (desc.methodKind !== "server_streaming") throw requestStreamError(method);
      const call = beginCall(method, signal, timeoutMs);
      try {
        return await runStream({
          method: desc,
          requestMethod: method.verb,
          url: protocol.urlOf(method),
          header,
          messages,
          contextValues: marksLoopback ? withLoopbackResolved(contextValues) : contextValues,
          interceptors,
          signal,
          timeoutMs: call.timeoutMs,
          endsAtMs: call.endsAtMs,
          send: async (sent, abort) => {
            call.operationName = operationNameOf(method, sent.message);
            const endRequest = beginPublishedRequest(method, () => protocol.urlOf(method, sent.message));
            const result = await protocol.serverStream(toRequest(call, sent, abort)).catch((error) => {
              endRequest?.(attemptError(protocol, call, error, abort));
              throw error;
            });
            endRequest?.();
            return result as StreamResult<MessageShape<typeof desc.output>>; // as above
          },
          attemptError: (error, abort) => attemptError(protocol, call, error, abort),
          callError: (error) => callErrorOf(error, call),
        });
      } catch (error) {
        throw callErrorOf(error, call);
      }
    },
  };
}

/** The state of a call that begins. A timeout of 0 or less is none, as everywhere in Connect; so is `Infinity`. */
function beginCall<M extends NamedMethod>(
  method: M,
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
): Call<M> {
  const isLimited = timeoutMs !== undefined && timeoutMs > 0 && timeoutMs < Number.POSITIVE_INFINITY;
  const call: Call<M> = {
    method,
    signal,
    timeoutMs: isLimited ? timeoutMs : undefined,
    endsAtMs: isLimited ? monotonicMs() + timeoutMs : Number.POSITIVE_INFINITY,
    operationName: undefined,
    requestSent: false,
    onSend: () => {
      call.requestSent = true;
    },
  };
  return call;
}

/** @throws the reason of an abort that has come */
function toRequest<M extends NamedMethod>(
  { method, timeoutMs, endsAtMs, onSend }: Call<M>,
  { message, header, added, contextValues }: Sent<DescMessage>,
  abort: Abort,
): SentRequest<M> {
  if (abort.aborted) throw abort.reason;
  return { method, message, header, added, contextValues, timeoutMs, endsAtMs, abort, onSend };
}

/** What one attempt failed with: complete, since an interceptor that retries decides by it. An abort is passed on. */
function attemptError<M extends NamedMethod>(
  protocol: Protocol<M>,
  { method, operationName, requestSent }: Call<M>,
  error: unknown,
  abort: Abort,
): unknown {
  if (abort.aborted) return error;
  return toCallError(protocol.fromError(error), { method: method.selector, operationName, requestSent });
}

function requestStreamError({ selector }: NamedMethod): CallError {
  return new CallError({
    code: Code.Unimplemented,
    message:
      "this transport carries unary and server-streaming calls, not streams of requests; the gRPC transport of " +
      "@connectrpc/connect-node does",
    method: selector,
    requestSent: false,
  });
}
