// SPDX-License-Identifier: Apache-2.0
import type { OutgoingHttpHeaders } from "node:http2";
import { VERSION } from "../../version.js";
import type { GrpcCall, GrpcEngine } from "../engine.js";
import { toGrpcTimeout } from "./grpc-timeout.js";
import type { ResolvedGrpcOptions } from "./options.js";
import { exchangeServerStream } from "./server-stream.js";
import { createGrpcSession } from "./session.js";
import { exchangeUnary } from "./unary.js";

const USER_AGENT = `grpc-node-longrunning/${VERSION}`;

/** Creates the engine that speaks gRPC straight on HTTP/2 streams. */
export function createHttp2Engine(options: ResolvedGrpcOptions): GrpcEngine {
  const session = createGrpcSession(options);
  const { maxResponseBytes } = options;
  return {
    async unary(call) {
      const opened = session.open(headersOf(call), call.abort);
      const open = opened instanceof Promise ? await opened : opened;
      return exchangeUnary({ call, open, maxResponseBytes });
    },
    async serverStream(call) {
      const open = await session.open(headersOf(call), call.abort);
      return exchangeServerStream({ call, open, maxResponseBytes });
    },
    close: () => session.close(),
  };
}

/** The headers of a request. One shape for all calls, with `undefined` for what is not sent, is the fastest to make. */
function headersOf({ method, metadata, timeoutMs }: GrpcCall): OutgoingHttpHeaders {
  const headers = {
    ":method": "POST",
    ":path": method.path,
    te: "trailers",
    "content-type": "application/grpc+proto",
    "user-agent": USER_AGENT,
    // Only what is decoded is accepted; requests are never compressed.
    "grpc-accept-encoding": "gzip",
    "grpc-timeout": timeoutMs === undefined ? undefined : toGrpcTimeout(timeoutMs),
    "x-goog-api-client": metadata.apiClient,
    "x-goog-request-params": metadata.routing,
  };
  return metadata.own === undefined ? headers : { ...headers, ...metadata.own };
}
