// SPDX-License-Identifier: Apache-2.0
import type { GrpcCall, GrpcEngine } from "../engine.js";
import { resendLimit } from "./errors.js";
import type { ResolvedGrpcOptions } from "./options.js";
import { exchangeServerStream } from "./server-stream.js";
import { createGrpcSession } from "./session.js";
import { type Exchange, exchangeUnary } from "./unary.js";

/** Creates the engine that speaks gRPC straight on HTTP/2 streams. */
export function createHttp2Engine(options: ResolvedGrpcOptions): GrpcEngine {
  const session = createGrpcSession(options);
  const { maxResponseBytes } = options;

  /**
   * Opens a stream for a call and runs `exchange` on it; again on another stream when the server did not process the
   * first one, which is safe for every method (RFC 9113, section 8.7; transparent retry of gRFC A6).
   */
  async function send<T>(call: GrpcCall, exchange: (exchange: Exchange) => Promise<T>): Promise<T> {
    for (let resends = 0; ; resends++) {
      const opened = session.open(call);
      const open = opened instanceof Promise ? await opened : opened;
      call.onSend();
      try {
        return await exchange({ call, open, maxResponseBytes });
      } catch (error) {
        if (resends >= resendLimit(error)) throw error;
      }
    }
  }

  return {
    async unary(call) {
      session.begin();
      try {
        return await send(call, exchangeUnary);
      } finally {
        session.end();
      }
    },
    async serverStream(call) {
      session.begin();
      try {
        return await send(call, (exchange) => exchangeServerStream(exchange, session.end));
      } catch (error) {
        session.end();
        throw error;
      }
    },
    close: session.close,
  };
}
