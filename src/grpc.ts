// SPDX-License-Identifier: Apache-2.0

/**
 * gRPC in Node: a lean transport straight on HTTP/2, and one over a channel of `@grpc/grpc-js`.
 *
 * @module
 */

export type { GrpcJsClient, GrpcJsTransportOptions } from "./transport/grpc/grpc-js/transport.js";
export { createGrpcJsTransport } from "./transport/grpc/grpc-js/transport.js";
export type {
  GrpcTlsOptions,
  GrpcTransport,
  GrpcTransportOptions,
} from "./transport/grpc/http2/transport.js";
export { createGrpcTransport } from "./transport/grpc/http2/transport.js";
