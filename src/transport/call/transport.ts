// SPDX-License-Identifier: Apache-2.0
import { Code, type Interceptor, type Transport } from "@connectrpc/connect";
import { CallError } from "../../errors/call-error.js";
import { withLoopbackResolved } from "../loopback.js";
import { CallAbort } from "./abort.js";
import { type CallState, callErrorOf } from "./error.js";
import type { NamedMethod } from "./method.js";
import type { Protocol } from "./protocol.js";
import { runStream } from "./run-stream.js";
import { runUnary } from "./run-unary.js";

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

/** Creates a Connect transport that runs unary and server-streaming calls by a protocol. */
export function createTransport<M extends NamedMethod>(
  protocol: Protocol<M>,
  settings: TransportSettings,
): Transport {
  const { origin, interceptors, defaultTimeoutMs } = settings;
  // Interceptors alone read it.
  const marksLoopback = settings.loopbackResolved && interceptors.length > 0;
  return {
    async unary(desc, signal, timeoutMs = defaultTimeoutMs, header, message, contextValues) {
      const method = protocol.methodOf(desc, message);
      const call: CallState<M> = { method, message, signal, requestSent: false };
      const abort = new CallAbort(signal, timeoutMs);
      try {
        const response = await runUnary({
          protocol,
          call,
          desc,
          origin,
          header,
          message,
          contextValues: marksLoopback ? withLoopbackResolved(contextValues) : contextValues,
          interceptors,
          abort,
        });
        abort.release();
        return response;
      } catch (error) {
        abort.release(error);
        throw callErrorOf(error, call);
      }
    },

    async stream(desc, signal, timeoutMs = defaultTimeoutMs, header, messages, contextValues) {
      const method = protocol.methodOf(desc);
      if (desc.methodKind !== "server_streaming") throw requestStreamError(method);
      const call: CallState<M> = { method, message: undefined, signal, requestSent: false };
      const abort = new CallAbort(signal, timeoutMs);
      try {
        return await runStream({
          protocol,
          call,
          desc,
          header,
          messages,
          contextValues: marksLoopback ? withLoopbackResolved(contextValues) : contextValues,
          interceptors,
          abort,
        });
      } catch (error) {
        abort.release(error);
        throw callErrorOf(error, call);
      }
    },
  };
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
