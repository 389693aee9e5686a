// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { CallError } from "../errors/call-error.js";

/** What stands for `createGrpcTransport` where there is no HTTP/2: in browsers and workers. */
export function createGrpcTransport(): never {
  throw new CallError({
    code: Code.FailedPrecondition,
    message: 'protocol: not available here (got "grpc"; expected "rest", since gRPC needs node:http2)',
    requestSent: false,
  });
}
