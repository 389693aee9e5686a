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
   * Sends calls: opens a stream for each and runs `exchange` on it; again on another stream when the server did not process the
   * first one, which is safe for every method (RFC 9113, section 8.7; transparent retry of gRFC A6).
   *
   * @param runsOn whether a call goes on when `exchange` has resolved, which then ends it by itself
   */
  const sender =
    <T>(exchange: (exchange: Exchange) => Promise<T>, runsOn: boolean) =>
    async (call: GrpcCall): Promise<T> => {
      session.begin();
      let isOver = true;
      try {
        for (let resends = 0; ; resends++) {
          const opened = session.open(call);
          const open = opened instanceof Promise ? await opened : opened;
          call.progress.requestSent = true;
          try {
            const result = await exchange({ call, open, maxResponseBytes });
            isOver = !runsOn;
            return result;
          } catch (error) {
            if (resends >= resendLimit(error)) throw error;
          }
        }
      } finally {
        if (isOver) session.end();
      }
    };

  return {
    unary: sender(exchangeUnary, false),
    serverStream: sender((exchange) => exchangeServerStream(exchange, session.end), true),
    close: session.close,
  };
}
